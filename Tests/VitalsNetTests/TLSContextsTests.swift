import NIOSSL
import Testing
import VitalsCore

@testable import VitalsNet

@Suite struct TLSContextsTests {
    @Test func ourOwnTroubleWithReadingDoesNotTakeAwayAContextThatServed() throws {
        let good = TLSContexts.Outcome.success(try NIOSSLContext(configuration: .makeClientConfiguration()))
        func failure(_ cause: Cause) -> TLSContexts.Outcome { .failure(TLSContextError(cause, "")) }
        #expect(throws: Never.self) { try TLSContexts.better(failure(.internal), good).get() }
        #expect(throws: TLSContextError.self) {
            try TLSContexts.better(failure(.badConfiguration), good).get()
        }
        #expect(throws: TLSContextError.self) { try TLSContexts.better(failure(.internal), nil).get() }
        #expect(throws: Never.self) { try TLSContexts.better(good, failure(.internal)).get() }
    }
}
