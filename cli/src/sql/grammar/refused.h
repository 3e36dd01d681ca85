#pragma once

#include "sql/grammar/lexical.h"

/// Statements of Flink that the native engine does not do, each with what to do instead.
namespace rocketlink::sql::grammar {

struct RefusedCreate
    : p::sor<
          Refused<p::seq<p::opt<Keyword<"SYSTEM">>, Keyword<"FUNCTION">>,
                  "CREATE FUNCTION is not done by the native engine, which runs no Java; use a built-in function, or "
                  "run the script with --flink">,
          Refused<Keyword<"CATALOG">,
                  "CREATE CATALOG is not done by the native engine: a job has the tables of its "
                  "script alone; remove it, or run the script with --flink">,
          Refused<Keyword<"DATABASE">,
                  "CREATE DATABASE is not done by the native engine: a job has the tables of "
                  "its script alone; remove it, or run the script with --flink">,
          Refused<Keyword<"MATERIALIZED", "MODEL", "CONNECTION">,
                  "of CREATE the native engine does TABLE and VIEW alone; run the script with --flink">,
          Refused<Keyword<"OR">,
                  "CREATE OR REPLACE is not done by the native engine; a table of a script is new "
                  "anyway: write CREATE, with DROP TABLE before it where the name was used">> {};

struct RefusedDrop
    : p::sor<Refused<Keyword<"VIEW">,
                     "DROP VIEW is not done by the native engine; a view ends with the script: remove "
                     "the statement">,
             Refused<p::sor<Keyword<"FUNCTION", "CATALOG", "DATABASE", "MATERIALIZED", "MODEL", "CONNECTION">,
                            p::seq<Keyword<"SYSTEM">, Keyword<"FUNCTION">>>,
                     "of DROP the native engine does TABLE alone; remove the statement, or run the script with "
                     "--flink">> {};

struct RefusedOverwrite : Refused<Keyword<"OVERWRITE">,
                                  "INSERT OVERWRITE is not possible: messages that were sent stay; write INSERT INTO"> {
};
struct RefusedPartition : Refused<Keyword<"PARTITION">,
                                  "PARTITION is not possible: the connectors of the native engine have no "
                                  "partitions; give the value as a column of the query"> {};
struct RefusedExecute
    : Refused<Keyword<"PLAN">, "EXECUTE PLAN is not done by the native engine; run the script with --flink"> {};

struct RefusedStatement
    : p::sor<Refused<p::sor<Keyword<"SELECT", "VALUES", "WITH">, p::one<'('>>,
                     "a query alone has nowhere to put its rows; write INSERT INTO a table WITH ('connector' = "
                     "'print') before it">,
             Refused<Keyword<"UPDATE", "DELETE", "UPSERT", "MERGE", "TRUNCATE">,
                     "{} is not possible: messages that were sent stay; a job writes with INSERT INTO alone">,
             Refused<Keyword<"ALTER">, "ALTER is not done by the native engine; change the CREATE statement">,
             Refused<Keyword<"USE">,
                     "USE is not done by the native engine: a job has the tables of its script alone; "
                     "remove it, or run the script with --flink">,
             Refused<Keyword<"ADD", "REMOVE">,
                     "{} is not done by the native engine, which runs no "
                     "Java; remove it, or run the script with --flink">,
             Refused<Keyword<"LOAD", "UNLOAD">,
                     "{} is not done by the native engine, which has no modules; remove it, or run the "
                     "script with --flink">,
             Refused<Keyword<"SHOW", "DESCRIBE", "DESC", "EXPLAIN", "ANALYZE", "HELP", "CLEAR", "QUIT", "EXIT", "STOP",
                             "CALL", "COMPILE">,
                     "{} is not done by the native engine, whose scripts hold jobs alone; remove it, or run "
                     "the script with --flink">> {};

}  // namespace rocketlink::sql::grammar
