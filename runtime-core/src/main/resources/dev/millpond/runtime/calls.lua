-- Runs a script for several callers, each of whom is answered or fails alone. It stands above: what all calls share, and the
-- function "call", which finds the keys and arguments of one caller in the local variables KEYS and ARGV.
-- KEYS the keys of all
-- ARGV[1] how many arguments all have first; ARGV[2] and ARGV[3] the numbers of keys and of other arguments of each caller, or 0
-- and 0 if they differ or nobody has keys; then what all have first; then for each, behind these two numbers of his own where they
-- are not said of all, the other arguments
-- Returns for each 1 and the answer, or 0 and the text of the error.
local function put(into, after, from, at, count)
  for i = 1, count do into[after + i] = from[at + i] end
  for i = #into, after + count + 1, -1 do into[i] = nil end
end

-- The tables are made once: that is quicker, and no script changes what it is given.
local answers, allKeys, all, key = {}, KEYS, ARGV, 0
local common, keys, others = tonumber(all[1]), tonumber(all[2]), tonumber(all[3])
local alike = keys > 0
KEYS, ARGV = {}, {}
put(ARGV, 0, all, 3, common)
local at = common + 3
while key < #allKeys or at < #all do
  if not alike then keys, others, at = tonumber(all[at + 1]), tonumber(all[at + 2]), at + 2 end
  put(KEYS, 0, allKeys, key, keys)
  put(ARGV, common, all, at, others)
  key, at = key + keys, at + others
  local done, answer = pcall(call)
  local failure = type(answer) == 'table' and answer.err
  if not done then failure = failure or tostring(answer) end
  answers[#answers + 1] = failure and {0, failure} or {1, answer}
end
return answers
