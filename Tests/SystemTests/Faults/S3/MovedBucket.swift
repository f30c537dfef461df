import Testing
import VitalsCore

extension S3Faults {
    @Test("a bucket that is in another region now")
    func movedBucket() async throws {
        try await Self.turn(
            Self.error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"),
            ExpectedFault(
                verdict: "bad_configuration in body (AuthorizationHeaderMalformed)", causeClass: .config,
                state: "unhealthy",
                says: "the bucket is in the region eu-west-1, not us-east-1"))
    }
}
