-- Text becomes numbers again.
CREATE TABLE parcels (number INTEGER, grams BIGINT, contents VARCHAR) WITH (
  'connector'     = 'mq5',
  'endpoint'      = '${secret_values.endpoint}',
  'topic'         = 'parcels',
  'consumerGroup' = 'parcels-reader'
);

CREATE TABLE screen (number INTEGER, kilograms BIGINT, contents VARCHAR) WITH ('connector' = 'print');

INSERT INTO screen SELECT number, grams / 1000, contents FROM parcels;
