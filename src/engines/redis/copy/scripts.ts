import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/*
 * Work on many keys is done by scripts on the servers: a command for each key would cost a promise and a reply for
 * each of millions. A script ends when it has moved its share, so that no other client waits long for it.
 */

/** A script, called by its hash once the server knows it. */
export interface Script {
  readonly text: string;
  readonly hash: string;
  readonly isReadOnly: boolean;
}

function script(text: string, isReadOnly: boolean): Script {
  return { text, hash: createHash("sha1").update(text).digest("hex"), isReadOnly };
}

/** Runs a script; the server is told its text when it does not know it. */
export async function run(
  client: Redis,
  { text, hash, isReadOnly }: Script,
  keys: readonly Buffer[],
  args: readonly (string | Buffer | number)[],
): Promise<unknown> {
  const rest = [keys.length, ...keys, ...args];
  const suffix = isReadOnly ? "_RO" : "";
  try {
    return await client.callBuffer(`EVALSHA${suffix}`, hash, ...rest);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return client.callBuffer(`EVAL${suffix}`, text, ...rest);
  }
}

/**
 * ARGV: most bytes to answer with, bytes from which a key is moved in pieces. Answers with three values for each key
 * until the bytes are full: its dump, 1 for a key that is moved in pieces, or nothing for one that is gone; when it
 * expires; its size.
 */
export const READ_DUMPS = script(
  `local most, big, sum, out = tonumber(ARGV[1]), tonumber(ARGV[2]), 0, {}
for i = 1, #KEYS do
  if sum > most then break end
  local size = redis.call('MEMORY', 'USAGE', KEYS[i], 'SAMPLES', '5') or 0
  local dump = 1
  if size < big then dump = redis.call('DUMP', KEYS[i]) end
  out[#out + 1] = dump
  out[#out + 1] = redis.call('PEXPIRETIME', KEYS[i])
  if dump and dump ~= 1 then sum = sum + #dump end
  out[#out + 1] = dump and dump ~= 1 and #dump or size
end
return out`,
  true,
);

/** ARGV: a dump and when it expires, for each key. */
export const WRITE_DUMPS = script(
  `for i = 1, #KEYS do
  redis.call('RESTORE', KEYS[i], ARGV[2 * i], ARGV[2 * i - 1], 'REPLACE', 'ABSTTL')
end
return #KEYS`,
  false,
);

/**
 * What makes two keys equal, without an order that servers choose for themselves. Names of fields are hashed with
 * their values; the hashes are sorted, since a sort of values would depend on each server's locale. Scores are
 * written anew, since servers write them differently. A HyperLogLog's bytes 9 to 16 hold a count that reading
 * may change.
 */
const CONTENT = `
local function join(list) return redis.sha1hex(table.concat(list, '\\n')) end
local function sorted(list) table.sort(list) return join(list) end
local function each(list, step, make)
  local out = {}
  for i = 1, #list, step do out[#out + 1] = redis.sha1hex(make(list, i)) end
  return out
end
local function one(list, i) return list[i] end
local function pair(list, i) return #list[i] .. ':' .. list[i] .. list[i + 1] end
local function scored(list, i) return #list[i] .. ':' .. list[i] .. string.format('%.17g', tonumber(list[i + 1])) end
local function field(list, name)
  for i = 1, #list, 2 do if list[i] == name then return list[i + 1] end end
end
local readers = {}
function readers.string(key)
  local value = redis.call('GET', key)
  if string.sub(value, 1, 4) == 'HYLL' then value = string.sub(value, 1, 8) .. string.sub(value, 17) end
  return redis.sha1hex(value)
end
function readers.list(key) return join(each(redis.call('LRANGE', key, 0, -1), 1, one)) end
function readers.set(key) return sorted(each(redis.call('SMEMBERS', key), 1, one)) end
function readers.zset(key) return join(each(redis.call('ZRANGE', key, 0, -1, 'WITHSCORES'), 2, scored)) end
function readers.hash(key)
  local all = redis.call('HGETALL', key)
  local out = each(all, 2, pair)
  if ARGV[1] == '1' then
    for i = 1, #all, 2 do
      local at = redis.call('HPEXPIRETIME', key, 'FIELDS', 1, all[i])[1]
      if at > 0 then out[#out + 1] = redis.sha1hex(#all[i] .. '@' .. all[i] .. string.format('%.0f', at)) end
    end
  end
  return sorted(out)
end
local function groups(key)
  local out = {}
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', key)) do
    local name = field(group, 'name')
    local lines = { #name .. ':' .. name, field(group, 'last-delivered-id'), tostring(field(group, 'entries-read')) }
    local names = {}
    for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', key, name)) do
      names[#names + 1] = redis.sha1hex(field(consumer, 'name'))
    end
    lines[#lines + 1] = sorted(names)
    local from = '-'
    repeat
      local page = redis.call('XPENDING', key, name, from, '+', 1000)
      for _, entry in ipairs(page) do
        lines[#lines + 1] = entry[1] .. ' ' .. redis.sha1hex(entry[2]) .. ' ' .. entry[4]
        from = '(' .. entry[1]
      end
    until #page < 1000
    out[#out + 1] = join(lines)
  end
  return sorted(out)
end
local function stream(key)
  local info = redis.call('XINFO', 'STREAM', key)
  return redis.sha1hex(table.concat({ field(info, 'length'), field(info, 'last-generated-id'),
    field(info, 'max-deleted-entry-id'), field(info, 'entries-added'), groups(key) }, ' '))
end
function readers.stream(key)
  local out = { stream(key) }
  for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
    out[#out + 1] = entry[1] .. ' ' .. join(each(entry[2], 1, one))
  end
  return join(out)
end
local function describe(key)
  local kind = redis.call('TYPE', key).ok
  local reader = readers[kind]
  if not reader then return kind .. ' ' .. redis.sha1hex(string.sub(redis.call('DUMP', key) or '', 1, -11)) end
  return kind .. ' ' .. reader(key)
end
`;

/** ARGV: whether both sides know fields that expire. Answers with the type and the digest of each key. */
export const READ_CONTENT = script(
  `${CONTENT}
local out = {}
for i = 1, #KEYS do out[i] = describe(KEYS[i]) end
return out`,
  true,
);

/** The digest of a stream without its entries, which are compared in pieces. */
export const READ_STREAM_STATE = script(`${CONTENT}\nreturn stream(KEYS[1])`, true);

/**
 * ARGV: bytes from which a key is compared in pieces. Answers with three values for each key: the hash of its dump
 * without the version and checksum at the end, 1 for a key that is compared in pieces, or nothing for one that is
 * gone; when it expires; its size.
 */
export const HASH_DUMPS = script(
  `local big, out = tonumber(ARGV[1]), {}
for i = 1, #KEYS do
  local size = redis.call('MEMORY', 'USAGE', KEYS[i], 'SAMPLES', '5') or 0
  local hash = 1
  if size < big then
    local dump = redis.call('DUMP', KEYS[i])
    hash = dump and redis.sha1hex(string.sub(dump, 1, -11))
    size = dump and #dump or 0
  end
  out[#out + 1] = hash
  out[#out + 1] = redis.call('PEXPIRETIME', KEYS[i])
  out[#out + 1] = size
end
return out`,
  true,
);
