import Testing
import VitalsCore
import VitalsTesting

/// One store for the pages that leave it whole.
private final class S3Book: SuiteTrait, TestScoping {
    @TaskLocal static var store: SeaweedServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let store = try await S3Faults.makeStore()
        try await Self.$store.withValue(store) { try await function() }
        await store.stop()
    }
}

/// The pages about object stores, a file each.
@Suite("Fault book: object stores", S3Book(), .oneOfAFew)
struct S3Faults {
    static let list = HTTPTarget.Behaviour.answer(200, body: "<ListBucketResult></ListBucketResult>")

    static func store() throws -> SeaweedServer { try #require(S3Book.store) }

    /// With a bucket `orders`.
    static func makeStore() async throws -> SeaweedServer {
        let store = try await SeaweedServer([
            .init("READER", "s3cr3tKey", ["Read:orders", "List:orders", "Read:brief", "List:brief"]),
            .init("WRITER", "s3cr3tKey", ["Read:orders", "List:orders", "Write:orders"]),
        ])
        try await store.makeBucket("orders")
        return store
    }

    static func check(
        port: Int, user: String = "READER", bucket: String = "orders", more: String = ""
    ) -> String {
        "s3: { url: \"s3+http://\(user):s3cr3tKey@127.0.0.1:\(port)/\(bucket)\"\(more) }"
    }

    static func error(_ status: Int, _ code: String, _ more: String = "") -> HTTPTarget.Behaviour {
        .answer(
            status, headers: [("Retry-After", "3")],
            body: "<Error><Code>\(code)</Code><Message>words of the store</Message>\(more)</Error>")
    }

    /// A page of a stand-in for a store, for what a real one does not do at will.
    static func turn(_ behaviour: HTTPTarget.Behaviour, _ expected: ExpectedFault) async throws {
        let store = try HTTPTarget(list)
        defer { store.close() }
        let page = FaultPage(
            check: check(port: Int(store.port)), expected: expected, breaking: { store.behave(behaviour) },
            mending: { store.behave(list) })
        try await page.turn()
    }
}
