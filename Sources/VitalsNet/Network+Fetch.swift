import NIOCore
package import VitalsCore
package import VitalsEngine

/// What a server answered to a single GET.
package struct FetchedPage: Sendable {
    package let status: Int
    /// Nothing where it did not say.
    package let contentType: String?
    package let body: [UInt8]
    /// Whether there was more than was to be read.
    package let isCut: Bool
}

extension Network {
    /// Asks for one URL, as a client of an API: a new connection, no redirect followed, certificates verified
    /// in full by the system's authorities.
    ///
    /// - Parameters:
    ///   - url: `http` or `https`, without a user.
    ///   - token: sent as `Authorization: Bearer`.
    ///   - limit: bytes of the body that are read.
    /// - Returns: what was answered, or the fault that stood in the way.
    /// - Throws: what is wrong with the URL or the token.
    package func fetch(
        _ url: String, token: Secret?, timeout: Duration, limit: Int
    ) async throws(TargetError) -> Result<FetchedPage, FetchFailure> {
        let url = try HTTPURL(parsing: url)
        var headers = [(name: "Accept", value: "application/json")]
        if let token {
            guard token.revealed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw TargetError("a token holds neither spaces nor letters outside ASCII")
            }
            headers.append((name: "Authorization", value: "Bearer \(token.revealed)"))
        }
        let request = HTTPRequest("GET", url, userAgent: userAgent, headers: headers)
        var demand = HTTPDemand.whole(bodyLimit: limit)
        demand.keeps = [.body, .headers]
        let answer = await client.exchange(
            request, demand, timeout: timeout, secrets: token.map { [$0] } ?? [])
        return answer.map { response in
            let type = response.head.headers.first { $0.name.lowercased() == "content-type" }
            return FetchedPage(
                status: response.head.status, contentType: type?.value,
                body: Array(response.body.readableBytesView), isCut: response.isCut)
        }
        .mapError { FetchFailure(fault: $0.fault) }
    }
}

/// Why there is no answer.
package struct FetchFailure: Error {
    package let fault: Fault
}
