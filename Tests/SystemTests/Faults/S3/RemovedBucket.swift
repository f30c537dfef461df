import Testing
import VitalsCore
import VitalsTesting

extension S3Faults {
    @Test("a bucket that was removed")
    func removedBucket() async throws {
        let store = try Self.store()
        try await store.makeBucket("brief")
        let admin = SeaweedServer.admin
        let page = FaultPage(
            check: "s3: \"s3+http://\(admin.accessKey):\(admin.secretKey)@127.0.0.1:\(store.port)/brief\"",
            expected: ExpectedFault(
                verdict: "db_missing in body (NoSuchBucket)", causeClass: .target, state: "unhealthy",
                says: "NoSuchBucket"),
            breaking: { try await store.removeBucket("brief") },
            mending: { try await store.makeBucket("brief") })
        try await page.turn()
    }
}
