#pragma once

#include <string_view>

#include "planner/context.h"
#include "planner/expression.h"
#include "planner/types.h"

namespace rocketlink::planner {

/// common_type or least_restrictive_type.
using TypeRule = std::optional<DataType> (*)(const DataType&, const DataType&);

/// `left op right` with op one of = <> < <= > >=.
[[nodiscard]] Expression compare(Context& context, std::string_view op, Expression left, Expression right,
                                 std::size_t offset);
/// `value IN (elements)`, whose elements get the type of the value, as Flink has it.
[[nodiscard]] Expression is_in(Context& context, const Expression& value, const Expressions& elements,
                               std::size_t offset);
/// IS [NOT] DISTINCT FROM.
[[nodiscard]] Expression compare_with_nulls(Context& context, bool distinct, Expression left, Expression right,
                                            std::size_t offset);
[[nodiscard]] Expression arithmetic(Context& context, Arithmetic operation, Expression left, Expression right,
                                    std::size_t offset);
[[nodiscard]] Expression negate(Context& context, const Expression& value, std::size_t offset);
[[nodiscard]] Expression concatenate(Context& context, const Expressions& parts, std::size_t offset);

/// What Flink computes when it plans, where the rest is computed for each row: of a FLOAT or DOUBLE there is no zero
/// below zero.
[[nodiscard]] Expression folded(Expression value);

/// AND or OR. An operand is evaluated only where the ones before it do not decide, as far as that can be told from
/// outside.
[[nodiscard]] Expression all_of(const Expressions& operands, std::size_t offset);
[[nodiscard]] Expression any_of(const Expressions& operands, std::size_t offset);

/// CASE WHEN conditions[i] THEN values[i] … ELSE values.back() END.
[[nodiscard]] Expression choose(Context& context, const Expressions& conditions, const Expressions& values,
                                std::size_t offset);

/// The type that all can be converted to without being asked; throws Failure when there is none. `what` names the
/// whole, as in "the branches of CASE".
[[nodiscard]] DataType common_type_of(const Expressions& values, std::string_view what, std::size_t offset,
                                      TypeRule rule = common_type);

/// Throws Failure unless it is BOOLEAN (or NULL); `what` as above.
[[nodiscard]] Expression as_condition(Context& context, const Expression& value, std::string_view what);

}  // namespace rocketlink::planner
