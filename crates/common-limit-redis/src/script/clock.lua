-- The clock of this Redis in microseconds, and the id of its run: another one after a restart or a failover.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
