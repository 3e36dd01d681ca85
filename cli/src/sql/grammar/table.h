#pragma once

#include "sql/grammar/lexical.h"
#include "sql/grammar/types.h"

/// CREATE TABLE and names of tables.
namespace rocketlink::sql::grammar {

struct NamePart : p::seq<Name> {};
/// `table`, `database.table` or `catalog.database.table`.
struct QualifiedName : p::seq<NamePart, p::opt<Mark<'.'>, Must<NamePart, "a name after '.'">,
                                               p::opt<Mark<'.'>, Must<NamePart, "a name after '.'">>>> {};
/// Words that follow a table's name say that the name has been forgotten.
struct TableName : p::seq<p::not_at<Keyword<"SELECT", "VALUES", "WITH", "AS">>, QualifiedName> {};

struct IfNotExists
    : p::seq<Keyword<"IF">, p::not_at<p::one<'(', '.'>>, Must<Keyword<"NOT">, "NOT EXISTS after IF", "NOT">,
             Must<Keyword<"EXISTS">, "EXISTS after NOT", "EXISTS">> {};

template <class Owner>
struct Comment : p::seq<Keyword<"COMMENT">, Must<String, "a string after COMMENT">> {};

struct ColumnName : p::seq<Name> {};
struct NotNull : p::seq<Keyword<"NOT">, Must<Keyword<"NULL">, "NULL after NOT", "NULL">> {};
struct MetadataKey : p::seq<Keyword<"FROM">, Must<String, "the key of the metadata in single quotes after FROM">> {};
struct Virtual : Keyword<"VIRTUAL"> {};
struct Metadata : p::seq<Keyword<"METADATA">, p::opt<MetadataKey>, p::opt<Virtual>> {};
struct Computed : Refused<Keyword<"AS">,
                          "computed columns (name AS expression) are not done by the native engine; compute it in the "
                          "SELECT, or run the script with --flink"> {};
struct KeyConstraint
    : Refused<p::sor<Keyword<"PRIMARY", "UNIQUE">, p::seq<Keyword<"CONSTRAINT">, Name, Keyword<"PRIMARY", "UNIQUE">>>,
              "a key is not possible: the connectors of the native engine are insert-only; remove the constraint"> {};
struct Column
    : p::seq<ColumnName, p::sor<Computed, Must<Type, "the column's type">>, p::opt<p::sor<NotNull, Keyword<"NULL">>>,
             p::opt<Metadata>, p::opt<KeyConstraint>, p::opt<Comment<Column>>> {};

/// An expression up to the ',' or ')' that is not its own.
struct Expression {
  using rule_t = Expression;
  using subs_t = p::empty_list;

  template <class Input>
  [[nodiscard]] static bool match(Input& in) {
    const std::string_view rest(in.current(), in.size(1));
    std::size_t depth = 0;
    std::size_t at = 0;
    while ((at = rest.find_first_of("'`(),;", at)) != std::string_view::npos) {
      const char c = rest[at];
      if (c == ';' || (depth == 0 && (c == ',' || c == ')'))) break;
      if (c == '(') ++depth;
      if (c == ')') --depth;
      at = c == '\'' || c == '`' ? quoted_end(rest, at) : at + 1;
    }
    at = std::min(at, rest.size());
    in.bump(at);
    return at > 0;
  }
};
struct WatermarkColumn : p::seq<Name> {};
/// Read, so that scripts may keep it; no native query needs event time.
struct Watermark
    : p::seq<Keyword<"WATERMARK">, Keyword<"FOR">,
             Must<WatermarkColumn, "the name of the watermark's column after FOR">,
             Must<Keyword<"AS">, "AS after the watermark's column", "AS">, Must<Expression, "an expression after AS">> {
};

/// Constraints are known by two words, since each of their words may be a column's name.
struct TableConstraint
    : Refused<p::sor<p::seq<Keyword<"PRIMARY">, Keyword<"KEY">>, p::seq<Keyword<"UNIQUE">, Mark<'('>>,
                     p::seq<Keyword<"CONSTRAINT">, Name, Keyword<"PRIMARY", "UNIQUE">>>,
              "a key is not possible: the connectors of the native engine are insert-only; remove the constraint"> {};

struct TableElement : p::sor<Watermark, TableConstraint, Column> {};
struct Columns
    : p::seq<Must<Mark<'('>, "'(' and the columns after the table's name">, Must<TableElement, "a column's name">,
             p::star<Mark<','>, Must<TableElement, "a column's name after ','">>,
             Must<Mark<')'>, "',' or ')' after the column", "NOT", "NULL", "METADATA", "FROM", "VIRTUAL", "COMMENT">> {
};

struct OptionName : p::seq<String> {};
struct OptionValue : p::seq<String> {};
struct Option : p::seq<OptionName, Must<Mark<'='>, "'=' after the option's name">,
                       Must<OptionValue, "the option's value in single quotes">> {};
struct Options
    : p::seq<Must<Mark<'('>, "'(' after WITH">,
             p::sor<Mark<')'>, p::seq<Must<Option, "an option's name in single quotes">,
                                      p::star<Mark<','>, Must<Option, "an option's name in single quotes after ','">>,
                                      Must<Mark<')'>, "',' or ')' after the option">>>> {};

/// `(…)`, whatever stands in it.
struct Parenthesized : p::seq<Mark<'('>, p::opt<Expression>, p::star<Mark<','>, p::opt<Expression>>, Mark<')'>> {};
/// Options without columns before them, which lead up to LIKE or AS.
template <Text Word>
struct OptionsBefore : p::opt<p::at<Keyword<"WITH">, Parenthesized, Keyword<Word>>, Keyword<"WITH">, Parenthesized> {};
/// A table made of another one, or of a query.
struct FromOther : p::sor<p::seq<OptionsBefore<"LIKE">,
                                 Refused<Keyword<"LIKE">,
                                         "CREATE TABLE … LIKE is not done by the native engine; write the columns and "
                                         "options of that table out, or run the script with --flink">>,
                          p::seq<OptionsBefore<"AS">,
                                 Refused<Keyword<"AS">,
                                         "CREATE TABLE … AS SELECT is not done by the native engine; write the columns "
                                         "out and add an INSERT INTO, or run the script with --flink">>> {};
struct Layout : p::sor<Refused<Keyword<"PARTITIONED">,
                               "PARTITIONED BY is not possible: the connectors of the native engine have "
                               "no partitions; remove it">,
                       Refused<Keyword<"DISTRIBUTED">,
                               "DISTRIBUTED is not possible: the connectors of the native engine have no "
                               "buckets; remove it">> {};

struct NewTable : p::seq<TableName> {};
struct CreateTable : p::seq<Keyword<"TABLE">, p::opt<IfNotExists>, Must<NewTable, "the table's name">,
                            p::opt<FromOther>, Columns, p::opt<Comment<CreateTable>>, p::opt<Layout>, p::opt<FromOther>,
                            Must<Keyword<"WITH">, "WITH ('connector' = '…', …) after the columns", "WITH", "COMMENT">,
                            Options, p::opt<FromOther>> {};

}  // namespace rocketlink::sql::grammar
