import Testing
import VitalsCore
import VitalsTesting

extension S3Faults {
    @Test("a secret key that is another one")
    func wrongSecretKey() async throws {
        let store = try Self.store()
        let page = FaultPage(
            check: "s3: \"s3+http://READER:s3cr3tOther@127.0.0.1:\(store.port)/orders\"",
            isWellBefore: false,
            expected: ExpectedFault(
                verdict: "auth_failed in authenticate (SignatureDoesNotMatch)", causeClass: .config,
                state: "unknown", says: "SignatureDoesNotMatch"))
        try await page.turn()
    }
}
