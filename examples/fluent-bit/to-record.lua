-- For Fluent Bit's filter `lua`, with `time_as_table: on`: gives a record its host, id, time and level.
-- A line of JSON stays as it is: the service reads the time and the level in it.

local host = os.getenv("NODE_NAME") or os.getenv("HOSTNAME") or "unknown"

local LEVELS = {
  EMERG = "error", EMERGENCY = "error", ALERT = "error", CRIT = "error", CRITICAL = "error", FATAL = "error",
  PANIC = "error", SEVERE = "error", ERROR = "error", ERR = "error", FAIL = "error", FTL = "error",
  WARN = "warning", WARNING = "warning", WRN = "warning",
  NOTICE = "info", INFO = "info", INF = "info", INFORMATION = "info", LOG = "info",
  DEBUG = "info", DBG = "info", TRACE = "info", VERBOSE = "info",
}

local LETTERS = { E = "error", F = "error", W = "warning", I = "info" }

local ZONES_AND_NAMES = " UTC GMT CET CEST AM PM Mon Tue Wed Thu Fri Sat Sun"
  .. " Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec "

local function is_time(word)
  return word:find("^[%dTZ:.,/+-]+$") and (word:find("%d:%d%d") or word:find("^%d%d%d%d[-/]%d%d[-/]%d%d")
    or word:find("^%d%d%d%d%d%d%d%d%d+[.%d]*$")) ~= nil
end

-- The level in brackets: alone, behind a time or a module, before a module: [ERROR], [12:05:00 ERR], [core:error].
local function level_in_brackets(text)
  local words = {}
  for word in text:gmatch("%S+") do words[#words + 1] = word end
  local first = words[1] or ""
  if #words == 1 then return LEVELS[(first:match("^[%w_]+:(%a+)$") or first):upper()] end
  if is_time(first) then return LEVELS[words[2]:upper()] or (is_time(words[2]) and LEVELS[(words[3] or ""):upper()]) end
end

-- The level of a line of text: a word at its place, which is the start, behind a time, in brackets or in a column.
-- Words in the text itself, such as "search criteria" and "0 errors", say nothing.
function level_of(line)
  line = line:sub(1, 300):match("^[^\r\n]*"):gsub("\27%[[%d;]*m", "")
  -- Key and value: time=... level=error msg=...
  if line:find("^%a[%w_.]*=") then
    for key, value in line:gmatch("(%a+)=\"?(%a+)") do
      if key == "level" or key == "lvl" or key == "severity" then return LEVELS[value:upper()] end
    end
    return nil
  end
  local letter = line:match("^(%u)%d%d%d%d %d%d:%d%d:") or line:match("^(%u), %[%d")
  if letter then return LETTERS[letter] end
  line = line:gsub("^%u%l%l +%d+ %d%d:%d%d:%d%d %S+ [^%s:]+: ", "")

  local at, has_time, after_time = 1, false, false
  while true do
    at = line:match("^[%s|]*()", at)
    local bracketed, behind = line:match("^(%b[]):?()", at)
    if not bracketed then bracketed, behind = line:match("^(%b<>)()", at) end
    if not bracketed then bracketed, behind = line:match("^(%b()):?()", at) end
    if bracketed then
      local inner = bracketed:sub(2, -2)
      local level = level_in_brackets(inner)
      if level then return level end
      after_time = is_time(inner:match("^%S*")) or false
      has_time = has_time or after_time
    else
      local word
      word, behind = line:match("^(%S+)()", at)
      if not word then return nil end
      local name = word:match("^%a+$") or word:match("^(%a+):") or (has_time and word:match("%.(%u+):$"))
      local level = name and LEVELS[name:upper()]
      local gap = line:sub(behind, behind + 2)
      local is_column = gap:find("^%s*|") or gap:find("^\t") or gap:find("^  ") or gap:find("^ %-")
      if level then
        local is_bare = word == name:upper()
        if is_bare or is_column or word ~= name then return level end
        return nil
      end
      after_time = is_time(word)
      local is_name = ZONES_AND_NAMES:find(" " .. word .. " ", 1, true) or word:find("^[-#*]+$")
      local is_number = has_time and (word:find("^%d%d%d+$") or word:find("^[%w_]+%.[%w_.]+$"))
      if not (after_time or is_name or is_number or (has_time and is_column)) then return nil end
      has_time = has_time or after_time
    end
    at = behind
  end
end

-- A time with its zone at the start of a line. Without a zone nobody knows which instant it is.
local function time_of(line)
  local time, zone = line:match("^%[?(%d%d%d%d%-%d%d%-%d%d[T ]%d%d:%d%d:%d%d[.,]?%d*) ?([Z+-]?[%d:]*)")
  if zone == "Z" or (zone and zone:find("^[+-]%d%d:?%d%d$")) then return time .. zone end
end

function to_record(tag, time, record)
  record.host = record.host or host
  local source = record.file or record.container_id
  if source and not record.id then
    -- The padded offset keeps the order of lines that share an instant.
    record.id = string.format("%s%s:%015d:%d.%09d", host, source, record.offset or 0, time.sec, time.nsec)
  end
  local line = record.log
  if type(line) == "string" and not line:find("^%s*{") then
    line = line:gsub("[\r\n]+$", "")
    record.log = line
    record.time = record.time or time_of(line)
    record.level = record.level or level_of(line)
  end
  return 2, time, record
end
