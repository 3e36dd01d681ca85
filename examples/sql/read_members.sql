-- The text of each message becomes columns again; where it came from is metadata.
CREATE TABLE members (
  id     VARCHAR,
  name   VARCHAR,
  gender VARCHAR,
  topic  VARCHAR METADATA VIRTUAL,
  `tags` VARCHAR METADATA VIRTUAL
) WITH (
  'connector'      = 'mq5',
  'endpoint'       = '${secret_values.endpoint}',
  'topic'          = 'members',
  'consumerGroup'  = 'members-reader',
  'fieldDelimiter' = ','
);

CREATE TABLE screen (id VARCHAR, name VARCHAR, gender VARCHAR, topic VARCHAR, tag VARCHAR) WITH ('connector' = 'print');

INSERT INTO screen SELECT id, name, gender, topic, `tags` FROM members;
