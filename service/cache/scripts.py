"""What Redis is asked and told for the cache, each in one round trip."""

# How long another process is believed to be working on an answer.
LOCK_MS = 1000

# After the arguments of the rate limit: the prefix of all keys, a workspace's id or `task:{id}`, the user,
# the question, and whether its answer lasts as long as nothing touches the task. Found: the workspace, its
# revision, the user if they may read, the answer, whether another is working on it.
# What is kept begins with its revision; it stands at the present one, too, if TOUCH has told of all changes
# since, and none of them touched it. A Redis that is full takes no lock (pcall), and whoever asks goes on.
LOOK = """
local prefix, place, user, question, lasts = unpack(ARGV, #KEYS + 1)
local task = string.match(place, '^task:(%d+)$')
local workspace = place
if task then workspace = redis.call('GET', prefix .. place) end
local revision = workspace and redis.call('GET', prefix .. 'rev:' .. workspace)
local reader, answer, busy = false, false, false
if revision then
    local state = prefix .. workspace .. ':'
    local told = redis.call('HMGET', state .. 'touched', 'upto', 'floor', 'people', task or '')
    local is_told = tonumber(told[1] or -1) >= tonumber(revision)
    local function standing(kept, touched)
        local since = kept and string.match(kept, '^%d+')
        if not since then return false end
        if since == revision then return kept end
        since = tonumber(since)
        return is_told and since >= tonumber(told[2]) and since >= tonumber(touched or 0) and kept
    end
    reader = standing(redis.call('GET', state .. 'reader:' .. user), told[3])
    if reader then
        local key = state .. (lasts == '1' and 'lasting' or revision) .. ':' .. question
        answer = standing(redis.call('GET', key), told[4])
        busy = not answer and not redis.pcall('SET', key .. ':lock', user, 'NX', 'PX', LOCK_MS)
    end
end
return {limit[1], limit[2], limit[3], limit[4], workspace, revision, reader, answer, busy}
""".replace("LOCK_MS", str(LOCK_MS))

# KEYS: what was touched in a workspace, each thing with the newest revision that touched it. `upto` is the
# revision up to which that is complete, and nothing older than `floor` stands. All of it is one key, so that
# a Redis that is full loses the whole or nothing.
# ARGV: a revision after which these are all changes (if what is known does not reach that far, it is of no
# use), the last of them, for how many milliseconds it matters, and what they touched.
TOUCH = """
local upto = tonumber(redis.call('HGET', KEYS[1], 'upto') or -1)
local after, revision = tonumber(ARGV[1]), tonumber(ARGV[2])
if revision <= upto then return end
local fields = {'upto', revision}
if after > upto or redis.call('HLEN', KEYS[1]) > 20000 then
    redis.call('DEL', KEYS[1])
    fields = {'upto', revision, 'floor', revision}
else
    for i = 4, #ARGV do
        fields[#fields + 1] = ARGV[i]
        fields[#fields + 1] = revision
    end
end
local done = redis.pcall('HSET', KEYS[1], unpack(fields))
if type(done) == 'table' then redis.call('DEL', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
"""

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
