import Foundation
import Testing
import VitalsCore
import VitalsTesting

/// What the other tests stand on: that their own servers do what they say.
@Suite("The harness", .oneOfAFew)
struct HarnessTests {
    @Test("an HTTP target answers, counts, refuses and comes back")
    func httpTarget() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answer(503, body: "{\"a\":[1,true,null]}"))
            let client = APIClient(port: target.port)
            let answer = try await client.get("/x")
            #expect(answer.status == 503)
            #expect(try JSONValue(parsing: answer.text)["a"][1].bool == true)
            #expect(target.connections == 1)
            #expect(target.requests.first?.message.path == "/x")
            target.close()
            await #expect(throws: (any Error).self) { try await client.get("/x") }
            try target.open()
            target.behave(.answer(200))
            #expect(try await client.get("/y").status == 200)
        }
    }

    @Test("PostgreSQL starts, stops and starts again on its port")
    func postgres() async throws {
        try await Stage.run { stage in
            let postgres = try await PostgresServer(access: PostgresServer.passwords)
            try await postgres.start()
            try await onThread { try Socket.connected(to: UInt16(postgres.port)).close() }
            try await postgres.stop()
            await #expect(throws: (any Error).self) {
                try await onThread { try Socket.connected(to: UInt16(postgres.port)).close() }
            }
            try await postgres.start()
        }
    }

    @Test("the binary is there")
    func binary() {
        #expect(FileManager.default.isExecutableFile(atPath: VitalsProgram.path))
    }

    @Test("instants of the API are read")
    func instants() {
        #expect(JSONValue.string("1970-01-01T00:00:01.250Z").instant == 1_250_000)
        #expect(JSONValue.string("1970-01-01T00:00:01Z").instant == 1_000_000)
    }
}
