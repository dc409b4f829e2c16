Log.Logger = new LoggerConfiguration()
    .Enrich.FromLogContext()
    .WriteTo.Console(new RenderedCompactJsonFormatter()) // of Serilog.Formatting.Compact
    .CreateLogger();
