-- Tables of version 1. Operators may read them; only the engine writes.
-- Times named `..._at` are wall time in milliseconds since 1970. `next_at`, `send_by`, `sent_at` and `unsettled_at` are
-- on the store's own scale, which a step of the wall clock does not move.

create table durable_meta (
    name text not null primary key,
    value any not null
) strict, without rowid;

-- Sources (kind 0) and accounts (kind 1).
create table durable_queue (
    id integer primary key,
    kind integer not null,
    name text not null,
    unique (kind, name)
) strict;

-- One row per key, and one per work without a key.
create table durable_lane (
    id integer primary key autoincrement,
    queue integer not null,
    key_hash blob,
    -- When the first open work may be claimed; null if there is none or the lane is held.
    next_at integer,
    -- The lease.
    token blob,
    -- The work that `claims` counts.
    head integer,
    claims integer not null default 0,
    open integer not null default 0,
    -- All work up to this id was passed.
    passed integer not null default 0,
    -- The dead or parked work that the lane waits for.
    held integer,
    -- When an ambiguous edit can land no more.
    unsettled_at integer
) strict;
create unique index durable_lane_key on durable_lane (queue, key_hash) where key_hash is not null;
create index durable_lane_due on durable_lane (queue, next_at) where next_at is not null;
create index durable_lane_held on durable_lane (queue) where held is not null;

-- State: 0 pending, 1 finished, 2 dead, 3 buried. Content: 0 there, 1 removed.
create table durable_event (
    id integer primary key autoincrement,
    lane integer not null,
    queue integer not null,
    state integer not null default 0,
    content integer not null default 0,
    received_at integer not null,
    ended_at integer,
    event_id text,
    receipt blob,
    content_hash blob,
    repeat_of integer,
    replay_of integer,
    body_bytes integer not null
) strict;
create unique index durable_event_id on durable_event (queue, event_id)
    where event_id is not null and replay_of is null;
create unique index durable_event_receipt on durable_event (receipt) where receipt is not null;
create index durable_event_lane on durable_event (lane, id);
create index durable_event_content on durable_event (queue, content_hash) where receipt is not null;
create index durable_event_ended on durable_event (content, ended_at) where state in (1, 3);
create index durable_event_dead on durable_event (queue, id) where state = 2;

create table durable_body (
    event integer primary key,
    headers blob not null,
    body blob not null
) strict;

-- State: 0 ready, 1 sending, 2 unknown, 3 landed, 4 refused, 5 parked, 6 doubled, 7 buried.
create table durable_effect (
    id integer primary key autoincrement,
    lane integer not null,
    queue integer not null,
    state integer not null default 0,
    content integer not null default 0,
    intended_at integer not null,
    changed_at integer not null,
    attempts integer not null default 0,
    operation text not null,
    repeat integer not null,
    later integer not null,
    wait integer not null,
    natural_key text,
    sent_at integer,
    send_by integer,
    note blob,
    object text,
    repeat_of integer
) strict;
create index durable_effect_lane on durable_effect (lane, id);
create index durable_effect_ended on durable_effect (content, changed_at) where state in (3, 4, 7);
create index durable_effect_care on durable_effect (queue, state, id) where state in (2, 5, 6);

create table durable_params (
    effect integer primary key,
    params blob not null
) strict;

-- Kind: 0 event, 1 effect.
create table durable_failure (
    id integer primary key,
    kind integer not null,
    work integer not null,
    claim integer not null,
    at integer not null,
    reason text not null
) strict;
create index durable_failure_work on durable_failure (kind, work);

-- Keys of erasure.
create table durable_subject (
    key_hash blob not null,
    kind integer not null,
    work integer not null,
    primary key (key_hash, kind, work)
) strict, without rowid;
create index durable_subject_work on durable_subject (kind, work);

create table durable_cursor (
    name text not null primary key,
    position text not null,
    moved_at integer not null
) strict, without rowid;
