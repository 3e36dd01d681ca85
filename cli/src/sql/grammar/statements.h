#pragma once

#include "sql/grammar/lexical.h"
#include "sql/grammar/query.h"
#include "sql/grammar/refused.h"
#include "sql/grammar/table.h"

/// All statements, and the script.
namespace rocketlink::sql::grammar {

// ---- CREATE and DROP -------------------------------------------------------------------------------------------

struct NewView : p::seq<TableName> {};
struct CreateView : p::seq<Keyword<"VIEW">, p::opt<IfNotExists>, Must<NewView, "the view's name">,
                           p::opt<Refused<Mark<'('>,
                                          "a list of columns in CREATE VIEW is not done by the native engine; name the "
                                          "columns in the SELECT (… AS name)">>,
                           p::opt<Comment<CreateView>>,
                           Must<Keyword<"AS">, "AS after the view's name", "AS", "COMMENT">, Query<Place::kAlone>> {};

struct Temporary : Keyword<"TEMPORARY"> {};
struct Create : p::seq<Keyword<"CREATE">, p::opt<Temporary>,
                       Must<p::sor<CreateTable, CreateView, RefusedCreate>, "TABLE or VIEW after CREATE", "TABLE",
                            "VIEW", "TEMPORARY">> {};

struct IfExists : p::seq<Keyword<"IF">, p::not_at<p::sor<p::one<'.', ';'>, p::eof>>,
                         Must<Keyword<"EXISTS">, "EXISTS after IF", "EXISTS">> {};
struct OldTable : p::seq<TableName> {};
struct Drop : p::seq<Keyword<"DROP">, p::opt<Keyword<"TEMPORARY">>,
                     Must<p::sor<Keyword<"TABLE">, RefusedDrop>, "TABLE after DROP", "TABLE", "TEMPORARY">,
                     p::opt<IfExists>, Must<OldTable, "the table's name">> {};

// ---- INSERT INTO -----------------------------------------------------------------------------------------------

struct Target : p::seq<TableName> {};
struct TargetColumn : p::seq<Name> {};
/// A parenthesis may also begin the query.
struct TargetColumns
    : p::seq<Mark<'('>, p::not_at<p::sor<Keyword<"SELECT", "VALUES", "WITH">, p::one<'('>>>,
             Must<TargetColumn, "a column's name">, p::star<Mark<','>, Must<TargetColumn, "a column's name after ','">>,
             Must<Mark<')'>, "',' or ')' after the column">> {};
template <Place Where>
struct Insert : p::seq<Keyword<"INSERT">, Must<p::sor<Keyword<"INTO">, RefusedOverwrite>, "INTO after INSERT", "INTO">,
                       Must<Target, "the name of the table to insert into">, p::opt<RefusedPartition>,
                       p::opt<TargetColumns>, Query<Where>> {};

struct SetInserts
    : p::seq<Must<Insert<Place::kInSet>, "INSERT INTO", "INSERT">, Must<Mark<';'>, "';' after the INSERT">,
             p::star<p::sor<Mark<';'>, p::seq<Insert<Place::kInSet>, Must<Mark<';'>, "';' after the INSERT">>>>,
             Must<Keyword<"END">, "INSERT INTO or END", "INSERT", "END">> {};
struct SetStart : Keyword<"BEGIN", "STATEMENT"> {};
struct BeginSet
    : p::seq<p::at<Keyword<"BEGIN">>, SetStart, Must<Keyword<"STATEMENT">, "STATEMENT SET after BEGIN", "STATEMENT">,
             Must<Keyword<"SET">, "SET after STATEMENT", "SET">, Must<Mark<';'>, "';' after BEGIN STATEMENT SET">,
             SetInserts> {};
struct ExecuteSet : p::seq<p::at<Keyword<"STATEMENT">>, SetStart, Must<Keyword<"SET">, "SET after STATEMENT", "SET">,
                           Must<Keyword<"BEGIN">, "BEGIN after STATEMENT SET", "BEGIN">, SetInserts> {};
struct Execute : p::seq<Keyword<"EXECUTE">, Must<p::sor<ExecuteSet, Insert<Place::kAlone>, RefusedExecute>,
                                                 "STATEMENT SET or INSERT INTO after EXECUTE", "STATEMENT", "INSERT">> {
};

// ---- SET and RESET ---------------------------------------------------------------------------------------------

struct BareSettingName : p::plus<p::not_one<' ', '\t', '\r', '\n', '\f', '\v', '=', ';', '\'', '`', '(', ')'>> {};
struct BareSettingValue : p::plus<p::not_one<' ', '\t', '\r', '\n', '\f', '\v', ';', '\'', '`'>> {};
struct SettingName : p::sor<String, p::seq<BareSettingName, Blanks>> {};
struct SettingValue : p::sor<String, p::seq<BareSettingValue, Blanks>> {};
struct Set
    : p::seq<Keyword<"SET">, Must<SettingName, "an option's name after SET">,
             Must<Mark<'='>, "'=' after the option's name">, Must<SettingValue, "the option's value after '='">> {};
struct ResetWord : Keyword<"RESET"> {};
struct Reset : p::seq<ResetWord, p::opt<SettingName>> {};

// ---- the script ------------------------------------------------------------------------------------------------

struct StatementBegin : p::success {};
struct Statement
    : p::seq<StatementBegin,
             p::sor<Create, Insert<Place::kAlone>, Set, Reset, Execute, BeginSet, Drop, RefusedStatement>> {};
struct ScriptFile
    : p::seq<Blanks, p::star<Mark<';'>>,
             p::star<p::not_at<p::eof>,
                     Must<Statement,
                          "a statement (CREATE TABLE, CREATE VIEW, DROP TABLE, INSERT INTO, EXECUTE STATEMENT SET, "
                          "BEGIN STATEMENT SET, SET or RESET)",
                          "CREATE", "INSERT", "SET", "RESET", "EXECUTE", "BEGIN", "DROP">,
                     Must<p::sor<Mark<';'>, p::eof>, "';' after the statement">, p::star<Mark<';'>>>,
             p::eof> {};

}  // namespace rocketlink::sql::grammar
