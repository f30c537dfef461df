/// Hashes that are the same on every machine and in every version: slots and derived ids depend on them.
package enum StableHash {
    /// FNV-1a, 64 bit, over the UTF-8 bytes. Source: Fowler, Noll, Vo, draft-eastlake-fnv.
    package static func fnv1a(_ text: String) -> UInt64 {
        fnv1a(text.utf8)
    }

    /// FNV-1a, 64 bit.
    package static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return hash
    }

    /// The 64-bit finaliser of MurmurHash3 (fmix64): spreads FNV's weak high bits.
    package static func mix(_ value: UInt64) -> UInt64 {
        var hash = value
        hash ^= hash >> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash >> 33
        hash = hash &* 0xC4CE_B9FE_1A85_EC53
        hash ^= hash >> 33
        return hash
    }
}
