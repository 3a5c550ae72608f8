-- Runs a script, which stands above as the function "call", for several callers, each of whom is answered or fails alone.
-- KEYS the keys of all; ARGV[1] how many arguments follow that all have first, then these
-- then for each the numbers of its keys and of its other arguments, and those
-- Returns for each 1 and the answer, or 0 and the text of the error.
local function put(into, after, from, at, count)
  for i = 1, count do into[after + i] = from[at + i] end
  for i = after + count + 1, #into do into[i] = nil end
end

-- The tables are made once: that is quicker, and no script changes what it is given.
local answers, keys, arguments, common, key = {}, {}, {}, tonumber(ARGV[1]), 0
put(arguments, 0, ARGV, 1, common)
local at = common + 2
while at < #ARGV do
  local ofKeys, others = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  put(keys, 0, KEYS, key, ofKeys)
  put(arguments, common, ARGV, at + 1, others)
  key, at = key + ofKeys, at + 2 + others
  local done, answer = pcall(call, keys, arguments)
  local failure = not done and answer or type(answer) == 'table' and answer.err
  answers[#answers + 1] = failure and {0, type(failure) == 'table' and failure.err or tostring(failure)} or {1, answer}
end
return answers
