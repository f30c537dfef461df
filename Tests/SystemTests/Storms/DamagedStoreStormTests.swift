import Foundation
import Testing
import VitalsTesting

@Suite("A damaged store is told of and kept, and never silently replaced", .oneOfAFew)
struct DamagedStoreStormTests {
    /// How a store is damaged.
    enum Damage: String, CaseIterable, Sendable {
        case garbage, zeroedPages, cutShort, emptied

        func apply(to bytes: Data) -> Data {
            switch self {
            case .garbage: Data("this is no database".utf8) + bytes.dropFirst(19)
            case .zeroedPages: bytes.prefix(4_096) + Data(count: 8_192) + bytes.dropFirst(12_288)
            case .cutShort: bytes.prefix(bytes.count / 2)
            case .emptied: Data()
            }
        }
    }

    @Test(
        "75, what is wrong and where the copy is, however often; put right again, it goes on",
        arguments: Damage.allCases)
    func damaged(_ damage: Damage) async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            try await eventually(that: "it has a run") {
                try await server.api.all("health-checks").contains { $0["last_run"] != .null }
            }
            // A clean end puts everything into the one file.
            #expect(try await server.stop() == 0)
            let file = server.data.appending(path: "vitals.db")
            let whole = try Data(contentsOf: file)
            let bytes = damage.apply(to: whole)
            try bytes.write(to: file)

            for _ in 1...2 {
                try server.launch()
                #expect(try await server.waitForExit() == 75)
                #expect(server.output.contains("damaged"), "\(server.output)")
                #expect(server.output.contains(file.path), "\(server.output)")
                #expect(try Data(contentsOf: file) == bytes, "left as it was")
                let copies = try copies(in: server.data)
                #expect(copies.count == 1, "\(copies)")
                for copy in copies {
                    #expect(server.output.contains(copy), "\(server.output)")
                    #expect(try Data(contentsOf: server.data.appending(path: copy)) == bytes)
                }
            }

            try whole.write(to: file)
            try await server.start()
            #expect(try await server.api.all("health-checks").contains { $0["last_run"] != .null })
        }
    }

    /// `vitals.db.corrupt-20260102T030405Z`
    private func copies(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.wholeMatch(of: /vitals\.db\.corrupt-\d{8}T\d{6}Z/) != nil
        }
    }
}
