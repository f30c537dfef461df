import VitalsCore
import VitalsEngine
import VitalsNet

/// Asks a server for its health checks, a page at a time.
struct StatusClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let network: Network
    /// Without a slash at its end.
    let url: String
    let token: Secret?
    let timeout: Duration

    /// One page is at most so many health checks, and so many bytes.
    private static let pageSize = 500
    private static let pageBytes = 8 << 20
    /// Pages of one answer; beyond, the server goes in circles.
    private static let mostPages = 100_000

    /// Hands over each health check, in the server's order.
    func forEach(_ body: (JSON) throws -> Void) async throws {
        var cursor: String?
        for _ in 0..<Self.mostPages {
            let page = try await page(after: cursor)
            guard case .array(let items)? = page.member("items") else { throw stranger }
            for item in items { try body(item) }
            guard let next = page.member("next_cursor")?.string else { return }
            guard next != cursor else { throw Failure(description: "\(url) gives the same page again") }
            cursor = next
        }
        throw Failure(description: "\(url) has no end of pages")
    }

    private func page(after cursor: String?) async throws -> JSON {
        let isFit = cursor?.utf8.allSatisfy { (0x30...0x7A).contains($0) } ?? true
        guard isFit else { throw stranger }
        let query = "?limit=\(Self.pageSize)" + (cursor.map { "&cursor=\($0)" } ?? "")
        let answer: Result<FetchedPage, FetchFailure>
        do throws(TargetError) {
            answer = try await network.fetch(
                "\(url)/api/v1/health-checks\(query)", token: token, timeout: timeout, limit: Self.pageBytes)
        } catch {
            throw Failure(description: error.message)
        }
        switch answer {
        case .failure(let failure):
            let fault = failure.fault
            throw Failure(
                description: "\(url): \(fault.cause.rawValue) in \(fault.phase.rawValue): \(fault.message)")
        case .success(let page): return try json(of: page)
        }
    }

    private func json(of page: FetchedPage) throws(Failure) -> JSON {
        switch page.status {
        case 200: break
        case 401:
            let given = token == nil ? "wants a token" : "does not take this token"
            throw Failure(description: "\(url) \(given) (401): set VITALS_TOKEN or API_TOKEN")
        case 300..<400:
            throw Failure(
                description:
                    "\(url) answers with a redirect (\(page.status)): name the address that it leads to")
        default: throw refusal(page)
        }
        guard !page.isCut, let json = try? JSON(parsing: page.body) else { throw stranger }
        return json
    }

    private func refusal(_ page: FetchedPage) -> Failure {
        let isOurs = page.contentType?.hasPrefix("application/problem+json") ?? false
        guard isOurs, let json = try? JSON(parsing: page.body), let detail = json.member("detail")?.string
        else { return page.status == 404 ? stranger : Failure(description: "\(url) answers \(page.status)") }
        return Failure(description: "\(url) answers \(page.status): \(detail)")
    }

    private var stranger: Failure {
        Failure(description: "\(url) is no Vitals server: it does not answer as one")
    }
}
