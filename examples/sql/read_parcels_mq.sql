-- As read_parcels, for RocketMQ 4.x with an account: text becomes numbers again.
CREATE TABLE parcels (number INTEGER, grams BIGINT, contents VARCHAR) WITH (
  'connector'      = 'mq',
  'endpoint'       = '${secret_values.endpoint}',
  'accessId'       = '${secret_values.access_id}',
  'accessKey'      = '${secret_values.access_key}',
  'topic'          = 'parcels',
  'consumerGroup'  = 'parcels-reader',
  'pullIntervalMs' = '1000'
);

CREATE TABLE screen (number INTEGER, kilograms BIGINT, contents VARCHAR) WITH ('connector' = 'print');

INSERT INTO screen SELECT number, grams / 1000, contents FROM parcels;
