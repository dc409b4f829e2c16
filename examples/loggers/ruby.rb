require "json"
require "logger"
require "time"

logger = Logger.new($stdout)
logger.formatter = proc do |severity, time, progname, message|
  text = message.is_a?(Exception) ? message.full_message(highlight: false) : message
  { time: time.utc.iso8601(6), severity:, progname:, message: text }.to_json + "\n"
end
