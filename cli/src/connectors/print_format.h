#pragma once

#include <string>

#include "duck/chunk_reader.h"
#include "rocketlink/types.h"

namespace rocketlink::connectors {

inline void append_row(const duck::ChunkReader& reader, const Schema& schema, std::string& out) {
  out += "+I[";
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    if (i > 0) out += ", ";
    if (reader.is_null(i)) out += "null";
    else if (schema.columns[i].type.kind == TypeKind::kVarchar) out += reader.get_string(i);
    else out += std::to_string(reader.get_int32(i));
  }
  out += "]";
}

}  // namespace rocketlink::connectors
