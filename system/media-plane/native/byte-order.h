// Big-endian fields inside a packet, at any alignment.
#pragma once

#include <cstdint>

namespace campanile {

inline std::uint16_t readUint16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

inline std::uint32_t readUint32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0]) << 24 | static_cast<std::uint32_t>(at[1]) << 16 |
         static_cast<std::uint32_t>(at[2]) << 8 | at[3];
}

inline void writeUint16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

inline void writeUint32(std::uint8_t* at, std::uint32_t value) {
  writeUint16(at, static_cast<std::uint16_t>(value >> 16));
  writeUint16(at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace campanile
