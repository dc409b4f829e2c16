builder.Logging.ClearProviders().AddJsonConsole(options =>
{
    options.TimestampFormat = "O"; // by default a line has no time, and is refused
    options.UseUtcTimestamp = true;
});
