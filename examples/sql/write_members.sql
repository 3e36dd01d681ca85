-- Four rows become four messages of comma-separated text, each with a key and a tag of its own.
CREATE TABLE members (
  id     VARCHAR,
  name   VARCHAR,
  gender VARCHAR,
  `keys` VARCHAR METADATA,
  `tags` VARCHAR METADATA
) WITH (
  'connector'      = 'mq5',
  'endpoint'       = '${secret_values.endpoint}',
  'topic'          = 'members',
  'producerGroup'  = 'members-writer',
  'fieldDelimiter' = ','
);

INSERT INTO members VALUES
  ('1', 'Ada',     'f', 'member-1', 'new'),
  ('2', 'Grace',   'f', 'member-2', 'new'),
  ('3', 'Alan',    'm', 'member-3', 'new'),
  ('4', 'Katrīna', 'f', 'member-4', 'returning');
