import Foundation
import Glibc
import Testing
import VitalsTesting

@Suite("A data folder that cannot be written", .oneOfAFew)
struct FolderTests {
    /// Root may write anywhere; without its capabilities it is a user like any other.
    private static let wrapper =
        getuid() == 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"] : []

    @Test("read-only before the first start: 75, and which file")
    func fresh() async throws {
        try await Stage.run { stage in
            let data = try stage.makeFolder()
            try lock(data)
            for folder in [data, data.appending(path: "deeper")] {
                let server = try VitalsServer(nil, data: folder, through: Self.wrapper, on: stage)
                try server.launch()
                #expect(try await server.waitForExit() == 75)
                #expect(server.output.contains(folder.path), "\(server.output)")
                #expect(server.output.contains("Permission denied"), "\(server.output)")
            }
        }
    }

    @Test("read-only with a store in it: 75, and nothing of it is changed; writable again, it goes on")
    func existing() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, through: Self.wrapper, on: stage)
            try await server.start()
            try await eventually(that: "it has a run") {
                try await server.api.all("health-checks").contains { $0["last_run"] != .null }
            }
            #expect(try await server.stop() == 0)
            let file = server.data.appending(path: "vitals.db")
            let before = try Data(contentsOf: file)
            try lock(server.data)
            try server.launch()
            #expect(try await server.waitForExit() == 75)
            #expect(server.output.contains(file.path), "\(server.output)")
            #expect(try Data(contentsOf: file) == before)

            try unlock(server.data)
            try await server.start()
            #expect(try await server.api.all("health-checks").contains { $0["last_run"] != .null })
        }
    }

    private func lock(_ folder: URL) throws {
        guard chmod(folder.path, 0o500) == 0 else { throw SystemError("chmod") }
    }

    private func unlock(_ folder: URL) throws {
        guard chmod(folder.path, 0o700) == 0 else { throw SystemError("chmod") }
    }
}
