import Testing
import VitalsTesting

struct MemoryStoreTests {
    @Test("a store in memory does what every store does", arguments: StoreConformance.cases)
    func conforms(_ rule: StoreConformance) async throws {
        try await rule.body(MemoryStore())
    }
}
