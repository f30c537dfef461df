import Testing
import VitalsCore
import VitalsTesting

@Suite("A full disk costs no run", .oneOfAFew)
struct FullDiskStormTests {
    @Test("files may not grow any more (RLIMIT_FSIZE)")
    func limited() async throws {
        try await Stage.run { stage in
            let story = try FullDiskStory(on: stage)
            let server = try VitalsServer(story.yaml, on: stage)
            try await story.tell(
                server, fill: { try await limitFiles(of: server, to: "4096") },
                free: { try await limitFiles(of: server, to: "unlimited") })
            #expect(try await server.stop() == 0)
        }
    }

    @Test(
        "the file system is full (tmpfs)",
        .enabled(if: SmallDisk.isPermitted, "this machine permits no mount in a namespace of one's own"))
    func full() async throws {
        try await Stage.run { stage in
            let story = try FullDiskStory(on: stage)
            let disk = try SmallDisk(megabytes: 80, on: stage)
            let server = try VitalsServer(story.yaml, data: disk.folder, through: disk.wrapper, on: stage)
            try await story.tell(
                server, fill: { try disk.fill(of: try #require(server.pid)) },
                free: { try disk.free(of: try #require(server.pid)) })
            #expect(try await server.stop() == 0)
        }
    }

    private func limitFiles(of server: VitalsServer, to bytes: String) async throws {
        let pid = try #require(server.pid)
        try await run(
            ["prlimit", "--pid", "\(pid)", "--fsize=\(bytes):unlimited"], in: TemporaryDirectory(),
            asUnprivileged: false)
    }
}
