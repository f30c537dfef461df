import Testing
import VitalsCore

@Suite("Hashes are the published ones")
struct StableHashTests {
    @Test(
        "FNV-1a 64 over the UTF-8 bytes",
        arguments: [
            ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8),
            ("orders-db.sql", 0x5C81_05E8_6AD0_05CB), ("Größe", 0x8694_5265_579D_537A),
        ] as [(String, UInt64)])
    func fnv1a(text: String, hash: UInt64) {
        #expect(StableHash.fnv1a(text) == hash)
    }

    @Test(
        "MurmurHash3's fmix64",
        arguments: [
            (0, 0), (1, 0xB456_BCFC_34C2_CB2C), (2, 0x3ABF_2A20_6506_83E7),
            (0xCBF2_9CE4_8422_2325, 0xEFD0_1F60_BA99_2926), (.max, 0x64B5_720B_4B82_5F21),
        ] as [(UInt64, UInt64)])
    func fmix64(value: UInt64, hash: UInt64) {
        #expect(StableHash.mix(value) == hash)
    }
}
