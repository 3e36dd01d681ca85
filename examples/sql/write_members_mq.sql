-- As write_members, for RocketMQ 4.x with an account: four rows become four messages of comma-separated text, each with a key and
-- a tag of its own.
CREATE TABLE members (
  id     VARCHAR,
  name   VARCHAR,
  gender VARCHAR,
  keys   VARCHAR METADATA,
  tags   VARCHAR METADATA
) WITH (
  'connector'      = 'mq',
  'endpoint'       = '${secret_values.endpoint}',
  'accessId'       = '${secret_values.access_id}',
  'accessKey'      = '${secret_values.access_key}',
  'topic'          = 'members',
  'producerGroup'  = 'members-writer',
  'fieldDelimiter' = ','
);

INSERT INTO members VALUES
  ('1', 'Ada',     'f', 'member-1', 'new'),
  ('2', 'Grace',   'f', 'member-2', 'new'),
  ('3', 'Alan',    'm', 'member-3', 'new'),
  ('4', 'Katrīna', 'f', 'member-4', 'returning');
