import Testing
import VitalsEngine
import VitalsStore
import VitalsTesting

@Suite("The store of one node does what every store does")
struct ConformanceTests {
    @Test("in a file", arguments: StoreConformance.cases)
    func inFile(_ conformance: StoreConformance) async throws {
        let folder = try TemporaryDirectory()
        let store = try SQLiteStore(folder: folder.path)
        try await conformance.body(store)
        try store.close()
    }

    @Test("with a pause in between, as after a restart", arguments: StoreConformance.cases)
    func afterRestart(_ conformance: StoreConformance) async throws {
        let folder = try TemporaryDirectory()
        try SQLiteStore(folder: folder.path).close()
        try await conformance.body(ReopeningStore(folder: folder.path))
    }
}
