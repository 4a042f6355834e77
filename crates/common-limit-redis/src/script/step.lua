-- One ask of one process. `now` and `run` stand before this text.
--
-- All that is known of one host and class is one value under KEYS[1], so that it can be lost only as a whole. All times
-- are microseconds by the clock of Redis. Nothing is written before the end: an ask that is refused changes nothing.

local floor, max, min = math.floor, math.max, math.min

local function numbers(text)
  local list = {}
  for number in string.gmatch(text, '%d+') do list[#list + 1] = tonumber(number) end
  return list
end

local id = ARGV[1]
local terms = numbers(ARGV[2])
local _, CAP, WINDOW, GUARD, AGE, AHEAD, ABSENT, FORGET, SILENCE, BEAT, TURN = unpack(terms)
local high, low, version, epoch, known, share, void, pause, open, late, late_sent, away, refuses, leaving, jumped =
  unpack(numbers(ARGV[3]))
local unused = numbers(ARGV[4])

local REFUSED_LATE, DONE, OTHER_TERMS = 0, 1, 2
local HIGH, LOW = 1, 2
-- Starts of high priority in a row while low priority waits.
local HIGH_IN_A_ROW = 3
-- How long nothing starts in a new epoch.
local HOLD = SILENCE + WINDOW + GUARD + AHEAD
-- By this much the clock may seem to go back between two asks.
local CLOCK_SLACK = 1000
-- A start that comes late by less does not delay all later ones.
local CATCH_UP = 2000
-- Thousandths that a refusal adds to each gap, and the most of them.
local STRETCH_STEP, LONGEST_STRETCH = 40, 3000
-- Windows without a refusal, after which one step is taken back.
local CALM = 40

-- It was under way too long: its process has given it up.
if void > 0 and now > void then return { REFUSED_LATE, now } end

local state = redis.call('GET', KEYS[1])
state = state and cmsgpack.unpack(state)

-- A member that was silent for long is forgotten. Time in which nobody was heard does not count: it proves no death.
local function is_forgotten(member)
  return now - member.seen - (state.silent - member.silent) > FORGET
end

if state and state.terms ~= ARGV[2] then
  for _, member in ipairs(state.members) do
    if member.id ~= id and not is_forgotten(member) then return { OTHER_TERMS, now } end
  end
  state = false
end

-- A new epoch: nothing starts until every process has come back, and all that it may have sent is a window old. Who was a
-- member, and with which share, is not known any more, since the value may be an old one: only how many they were.
local function begin_epoch(old)
  state = {
    run = run, terms = ARGV[2], epoch = now, last = now, silent = 0,
    version = old and max(now, old.version + 1) or now,
    held = now + HOLD, due = 0, stretch = 0, calm = now,
    stamps = {}, given = {}, lines = { {}, {} }, passed = 0, members = {}, count = 0, known = old and old.count or 0, closed = 1,
  }
end

-- Nothing known, another server, a clock set back, or a process has seen the clock jump in this epoch.
if not state or state.run ~= run or now < state.last - CLOCK_SLACK or (jumped == 1 and epoch == state.epoch) then
  begin_epoch(state)
end
if now - state.last > ABSENT then state.silent = state.silent + now - state.last end
state.last = max(now, state.last)

local function change_members() state.version = max(state.version + 1, now) end

-- A process whose last answer came from another epoch has come back. It knows how many there were.
local came_back = epoch > 0 and epoch ~= state.epoch
if came_back then
  version = 0
  state.known = max(state.known, known)
end

local me, is_stray
for i = #state.members, 1, -1 do
  local member = state.members[i]
  if member.id == id then
    me = member
    is_stray = came_back and member.knows == 1
  elseif is_forgotten(member) then
    table.remove(state.members, i)
    change_members()
  end
end
if is_stray then return { REFUSED_LATE, now } end
if not me then
  change_members()
  me = {
    id = id, joined = state.version, seen = now, version = 0, back = 0, open = 0, late = 0, come = now, away = 0, silent = 0,
    -- One that was away for so long that it may be forgotten is none of those that were counted.
    knows = came_back and 0 or 1, counted = (came_back and known > 0) and 1 or 0, old = 0, kept = came_back and share or 0, share = share,
  }
  if epoch > 0 then me.back = now + WINDOW + GUARD end
  state.members[#state.members + 1] = me
end
-- Only an ask with this epoch shows that the process knows of it: another one may have been under way for long.
if epoch == state.epoch then me.knows, me.old = 1, me.counted end
-- What it started on its own share is not among the stamps: the share stays taken until all of it is a window old.
if away == 0 and (me.away == 1 or now - me.seen > ABSENT) then me.back = now + WINDOW + GUARD end
me.refuses = refuses
me.seen, me.version, me.open, me.late, me.away, me.silent = now, version, open, late, away, state.silent

-- Members of the epoch before that have not come back may be on their own shares, until they stop by themselves.
if now - state.silent > state.epoch + FORGET then state.known = 0 end
local counted, back = 0, 0
for _, member in ipairs(state.members) do
  counted = counted + member.counted
  back = back + member.old
end
local lost = max(state.known - back, 0)
-- Until all have come back, or have had the time to, everyone has the share that it had before.
local closed = (lost > 0 or now < state.epoch + HOLD) and 1 or 0
if closed < state.closed then
  -- All shares are counted anew: nobody has one until all others know that.
  change_members()
  for _, member in ipairs(state.members) do member.joined = state.version end
end
state.closed = closed
state.count = #state.members - counted + max(state.known, counted)

-- All shares together are the cap. So those that are lost have at most what those that came back did not have.
local places, share_of_each = CAP, floor(CAP / #state.members)
if closed == 1 then
  places = 0
  for _, member in ipairs(state.members) do places = places + member.kept end
end
local function share_of(member)
  return closed == 1 and member.kept or share_of_each
end

-- Places that are left for stamps: without those that someone may use unseen.
local left = places
local my_share = share_of(me)
-- It knows no larger share any more, and whatever it started on one is a window old.
if version == state.version and me.back <= now then me.share = my_share end
for _, member in ipairs(state.members) do
  local is_unseen = member.away == 1 or member.knows == 0 or now - member.seen > ABSENT or member.back > now
  if is_unseen then
    -- One that starts nothing by itself leaves its share to the others.
    local kept_back = member.refuses == 1 and 0 or max(share_of(member), member.share)
    left = left - max(kept_back, member.open)
  elseif now + AHEAD - member.seen > WINDOW then
    -- What became of its last slots is not known. They may be late, and it cannot say so.
    left = left - member.open
  end
  left = left - member.late
  -- A newcomer has no share until all others know that theirs are smaller now.
  if member ~= me and member.version < me.joined then my_share = 0 end
end
left = max(left, 0)
me.share = max(me.share, my_share)

-- A refusal by the service slows all down.
if pause > 0 then
  state.held = max(state.held, now + pause)
  if now > state.calm then
    state.stretch = min(LONGEST_STRETCH, state.stretch + STRETCH_STEP)
    state.calm = now
  end
elseif state.stretch > 0 and now - state.calm >= CALM * WINDOW then
  state.stretch = state.stretch - STRETCH_STEP
  state.calm = now
end

local function forget_stamp(stamp)
  for i = #state.stamps, 1, -1 do
    if state.stamps[i] == stamp then
      table.remove(state.stamps, i)
      return
    end
  end
end

local function add_stamp(place, stamp)
  table.insert(state.stamps, place, stamp)
  if #state.stamps > CAP then table.remove(state.stamps, 1) end
end

for _, stamp in ipairs(unused) do forget_stamp(stamp) end
-- Late ones that have left since count from now.
for _ = 1, late_sent do
  local place = #state.stamps + 1
  while place > 1 and state.stamps[place - 1] > now do place = place - 1 end
  add_stamp(place, now)
end
-- Slots whose owner did not come for them are free again.
for i = #state.given, 1, -1 do
  local slot = state.given[i]
  if slot.stamp + AGE < now or (leaving == 1 and slot.id == id) then
    forget_stamp(slot.stamp)
    table.remove(state.given, i)
  end
end

-- Keeps `wanted` tickets of this process in a line, at most TURN. Slots that it has not been told yet count as tickets.
local function keep_tickets(class, wanted)
  local line = state.lines[class]
  wanted = min(wanted, TURN)
  local have = 0
  for _, owner in ipairs(line) do have = have + (owner == id and 1 or 0) end
  for _, slot in ipairs(state.given) do have = have + ((slot.id == id and slot.class == class) and 1 or 0) end
  for _ = have + 1, wanted do line[#line + 1] = id end
  for i = #line, 1, -1 do
    if have > wanted and line[i] == id then
      table.remove(line, i)
      have = have - 1
    end
  end
end

local function write()
  redis.call('SET', KEYS[1], cmsgpack.pack(state), 'PX', 86400000)
end

if leaving == 1 then
  keep_tickets(HIGH, 0)
  keep_tickets(LOW, 0)
  for i = #state.members, 1, -1 do
    if state.members[i] == me then table.remove(state.members, i) end
  end
  state.known = max(state.known - me.counted, 0)
  state.count = max(state.count - 1, 0)
  change_members()
  write()
  return { DONE, now, state.epoch, state.version, state.count, 0, now }
end

keep_tickets(HIGH, high)
keep_tickets(LOW, low)

local gap = WINDOW
if left > 0 then gap = floor(floor(WINDOW / left) * (1000 + state.stretch) / 1000) end

local function next_stamp()
  local stamp = max(state.due, state.held, now)
  local place = #state.stamps - left + 1
  if left > 0 and place > 0 then stamp = max(stamp, state.stamps[place] + WINDOW + GUARD) end
  return stamp
end

local function next_class()
  local is_low = #state.lines[HIGH] == 0 or state.passed >= HIGH_IN_A_ROW
  return (is_low and #state.lines[LOW] > 0) and LOW or HIGH
end

-- Whether the owner of a ticket can still take a slot: it came when it was told to, and it counts on the slots.
local function is_there(owner)
  for _, member in ipairs(state.members) do
    if member.id == owner then return member.away == 0 and (member == me or member.come + AGE >= now) end
  end
  return false
end

-- Slots for those whose turn it is, no further ahead than AHEAD.
while left > 0 and #state.lines[HIGH] + #state.lines[LOW] > 0 do
  local stamp = next_stamp()
  if stamp > now + AHEAD then break end
  local class = next_class()
  if class == LOW then
    state.passed = 0
  elseif #state.lines[LOW] > 0 then
    state.passed = state.passed + 1
  end
  local owner = table.remove(state.lines[class], 1)
  if is_there(owner) then
    add_stamp(#state.stamps + 1, stamp)
    -- Each stamp is given once: one that goes back a second time is nobody else's.
    state.due = max(state.due + gap, stamp + gap - min(CATCH_UP, gap - 1))
    state.given[#state.given + 1] = { id = owner, stamp = stamp, class = class }
  end
end

-- The slots of the asker are told now.
local slots, told, others = {}, { 0, 0 }, {}
for _, slot in ipairs(state.given) do
  if slot.id == id then
    slots[#slots + 1] = slot
    told[slot.class] = told[slot.class] + 1
  else
    others[#others + 1] = slot
  end
end
state.given = others
me.open = me.open + #slots
keep_tickets(HIGH, max(high - told[HIGH], 0))
keep_tickets(LOW, max(low - told[LOW], 0))

-- The asker comes again before its turn can come: its first ticket in each line, behind the fewest that go before it.
local come = now + BEAT
for class, line in ipairs(state.lines) do
  for place = 1, #line do
    if line[place] == id then
      local ahead = place - 1
      if class == LOW then
        ahead = ahead + min(#state.lines[HIGH], max(HIGH_IN_A_ROW * place - state.passed, 0))
      end
      local turn = left > 0 and next_stamp() + ahead * gap or now + floor(WINDOW / 10)
      come = min(come, max(turn - floor(AHEAD / 2), now + 500))
      break
    end
  end
end
me.come = come
write()
local answer = { DONE, now, state.epoch, state.version, state.count, my_share, come }
for _, slot in ipairs(slots) do
  answer[#answer + 1] = slot.stamp
  answer[#answer + 1] = slot.class
end
return answer
