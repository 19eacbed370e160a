"""What Redis is asked and told for the cache, each in one round trip."""

# How long another process is believed to be working on an answer.
LOCK_MS = 1000

# After the arguments of the rate limit: the prefix of all keys, a workspace's id or `task:{id}`, the user and
# the question. Found: the workspace, its revision, the user if they may read, the answer, whether another is
# working on it. A Redis that is full takes no lock (pcall), and whoever asks goes on.
LOOK = """
local prefix, workspace, user, question = unpack(ARGV, #KEYS + 1)
if string.sub(workspace, 1, 5) == 'task:' then workspace = redis.call('GET', prefix .. workspace) end
local revision = workspace and redis.call('GET', prefix .. 'rev:' .. workspace)
local reader, answer, busy = false, false, false
if revision then
    local state = prefix .. workspace .. ':' .. revision .. ':'
    reader = redis.call('GET', state .. 'reader:' .. user)
    answer = reader and redis.call('GET', state .. question)
    busy = reader and not answer
        and not redis.pcall('SET', state .. question .. ':lock', user, 'NX', 'PX', LOCK_MS)
end
return {limit[1], limit[2], limit[3], limit[4], workspace, revision, reader, answer, busy}
""".replace("LOCK_MS", str(LOCK_MS))

# Never backwards: an older revision that arrives late changes nothing, and a newer one
# that is no longer certain, or for which there is no room, removes the older: the next reader asks MySQL.
NOTE = """
local known = tonumber(redis.call('GET', KEYS[1]) or -1)
local revision, fresh = tonumber(ARGV[1]), tonumber(ARGV[2])
if revision >= known then
    if fresh <= 0 then
        if revision > known then redis.call('DEL', KEYS[1]) end
    elseif revision > known or fresh > redis.call('PTTL', KEYS[1]) then
        if redis.pcall('SET', KEYS[1], ARGV[1], 'PX', fresh).err then redis.call('DEL', KEYS[1]) end
    end
end
"""

# KEYS besides the revision: the task's, the answer's, the reader's and the lock, each of which may be ''.
KEEP = (
    NOTE
    + """
if KEYS[2] ~= '' then redis.pcall('SET', KEYS[2], ARGV[3], 'EX', ARGV[4]) end
if KEYS[3] ~= '' then redis.pcall('SET', KEYS[3], ARGV[5], 'PX', ARGV[6]) end
if KEYS[4] ~= '' then redis.pcall('SET', KEYS[4], ARGV[7], 'PX', ARGV[6]) end
if KEYS[5] ~= '' then redis.call('DEL', KEYS[5]) end
"""
)
