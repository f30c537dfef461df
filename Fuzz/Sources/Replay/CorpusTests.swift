import Foundation
import Testing

@Suite("What the fuzzers begin with, and all that ever broke a decoder")
struct CorpusTests {
    @Test("breaks no promise", arguments: FuzzTarget.all.map(\.name))
    func replay(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Corpus/\(name)").standardized
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            let bytes = Array(try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try target.feed(bytes) }
        }
    }

    @Test("is told of a promise that is broken")
    func broken() {
        #expect(throws: BrokenPromise.self) { try promise(false, "it was one") }
    }
}
