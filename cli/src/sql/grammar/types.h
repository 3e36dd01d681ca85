#pragma once

#include "rocketlink/types.h"
#include "sql/grammar/lexical.h"

/// The types of columns, in all their spellings.
namespace rocketlink::sql::grammar {

/// The words that mean a kind of type; what follows them may say more.
template <TypeKind Kind, Text... Words>
struct TypeName : Keyword<Words...> {};

struct TypeLength
    : p::seq<Mark<'('>, Must<Number, "a number: the type's length">, Must<Mark<')'>, "')' after the type's length">> {};
struct FractionDigits : p::seq<Mark<'('>, Must<Number, "a number: the digits after the second">,
                               Must<Mark<')'>, "')' after the type's precision">> {};
struct Precision : Number {};
struct Scale : Number {};
struct DecimalDigits : p::seq<Mark<'('>, Must<p::seq<Precision>, "a number: the precision of DECIMAL">,
                              p::opt<Mark<','>, Must<p::seq<Scale>, "a number: the scale of DECIMAL">>,
                              Must<Mark<')'>, "')' after the digits of DECIMAL">> {};

struct Varying : Keyword<"VARYING"> {};
struct CharacterType : p::seq<p::sor<TypeName<TypeKind::kVarchar, "VARCHAR">,
                                     p::seq<TypeName<TypeKind::kChar, "CHAR", "CHARACTER">, p::opt<Varying>>>,
                              p::opt<TypeLength>> {};
struct BinaryType : p::seq<p::sor<TypeName<TypeKind::kVarbinary, "VARBINARY">,
                                  p::seq<TypeName<TypeKind::kBinary, "BINARY">, p::opt<Varying>>>,
                           p::opt<TypeLength>> {};

struct DoubleType : p::seq<TypeName<TypeKind::kDouble, "DOUBLE">, p::opt<Keyword<"PRECISION">>> {};
struct DecimalType : p::seq<TypeName<TypeKind::kDecimal, "DECIMAL", "DEC", "NUMERIC">, p::opt<DecimalDigits>> {};

struct TimeZone : p::seq<Must<Keyword<"TIME">, "TIME ZONE", "TIME">, Must<Keyword<"ZONE">, "ZONE after TIME", "ZONE">> {
};
struct WithoutTimeZone : p::seq<Keyword<"WITHOUT">, TimeZone> {};
struct WithLocalTimeZone : p::seq<Keyword<"LOCAL">, TimeZone> {};
template <Text Why>
struct ZonedTime : Refused<Keyword<"TIME">, Why> {};

struct TimeType : p::seq<TypeName<TypeKind::kTime, "TIME">, p::opt<FractionDigits>,
                         p::opt<p::sor<WithoutTimeZone, Refused<Keyword<"WITH">,
                                                                "TIME WITH TIME ZONE is no type of Flink SQL; "
                                                                "declare TIME">>>> {};
struct TimestampType
    : p::seq<TypeName<TypeKind::kTimestamp, "TIMESTAMP">, p::opt<FractionDigits>,
             p::opt<p::sor<WithoutTimeZone,
                           p::seq<Keyword<"WITH">,
                                  Must<p::sor<WithLocalTimeZone,
                                              Refused<Keyword<"TIME">,
                                                      "type TIMESTAMP WITH TIME ZONE is not done by the native engine; "
                                                      "declare TIMESTAMP_LTZ, an instant, or run the script with "
                                                      "--flink">>,
                                       "LOCAL TIME ZONE after WITH", "LOCAL", "TIME">>>>> {};
struct TimestampLtzType : p::seq<TypeName<TypeKind::kTimestampLtz, "TIMESTAMP_LTZ">, p::opt<FractionDigits>> {};

/// Types of Flink that messages are not read into.
struct ForeignType : Keyword<"ARRAY", "MAP", "ROW", "MULTISET", "RAW", "INTERVAL", "VARIANT"> {};
struct Collection : Refused<Keyword<"ARRAY", "MULTISET">,
                            "types ARRAY and MULTISET are not done by the native engine; take a VARCHAR, or run the "
                            "script with --flink"> {};
struct UnknownType : p::seq<p::not_at<Keyword<"NOT", "NULL", "METADATA", "COMMENT">>, Word> {};

struct Type : p::seq<p::sor<TypeName<TypeKind::kBoolean, "BOOLEAN">, TypeName<TypeKind::kTinyInt, "TINYINT">,
                            TypeName<TypeKind::kSmallInt, "SMALLINT">, TypeName<TypeKind::kInteger, "INT", "INTEGER">,
                            TypeName<TypeKind::kBigInt, "BIGINT">, TypeName<TypeKind::kFloat, "FLOAT">, DoubleType,
                            DecimalType, TypeName<TypeKind::kVarchar, "STRING">, CharacterType,
                            TypeName<TypeKind::kVarbinary, "BYTES">, BinaryType, TypeName<TypeKind::kDate, "DATE">,
                            TimestampType, TimestampLtzType, TimeType, ForeignType, UnknownType>,
                     p::opt<Collection>> {};

}  // namespace rocketlink::sql::grammar
