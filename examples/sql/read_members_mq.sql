-- As read_members, for RocketMQ 4.x with an account. A queue without news is asked again after a second.
CREATE TABLE members (
  id     VARCHAR,
  name   VARCHAR,
  gender VARCHAR,
  topic  VARCHAR METADATA VIRTUAL,
  tags   VARCHAR METADATA VIRTUAL
) WITH (
  'connector'      = 'mq',
  'endpoint'       = '${secret_values.endpoint}',
  'accessId'       = '${secret_values.access_id}',
  'accessKey'      = '${secret_values.access_key}',
  'topic'          = 'members',
  'consumerGroup'  = 'members-reader',
  'pullIntervalMs' = '1000',
  'fieldDelimiter' = ','
);

CREATE TABLE screen (id VARCHAR, name VARCHAR, gender VARCHAR, topic VARCHAR, tag VARCHAR) WITH ('connector' = 'print');

INSERT INTO screen SELECT id, name, gender, topic, tags FROM members;
