import FoundationEssentials
import Testing

@Suite("The deliberate faults")
struct FaultTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("each still fits the source that it breaks, in one place")
    func fit() throws {
        let folder = Self.root.appending(path: "Tests/SimulationTests/Faults")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count >= 12)
        for name in names {
            let fault = try text(folder.appending(path: name))
            let lines = fault.split(separator: "\n", omittingEmptySubsequences: false)
            let parts = fault.split(separator: "\n--- old\n", maxSplits: 1)
            let old = try #require(parts.last?.split(separator: "\n--- new\n", maxSplits: 1).first, "\(name)")
            let source = try text(Self.root.appending(path: String(lines[1])))
            #expect(source.ranges(of: old).count == 1, "\(name)")
        }
    }

    private func text(_ file: URL) throws -> String {
        try String(contentsOf: file, encoding: .utf8)
    }
}
