import NIOCore
import VitalsCore
import VitalsEngine

/// What the health address of a Realtime tenant says, which those who host it themselves can ask:
/// `/realtime/v1/api/tenants/<tenant>/health`.
///
/// A tenant to which nobody is connected has no connection to its database, and is well
/// (github.com/supabase/realtime/issues/682): `db_connected` is told and not judged.
enum SupabaseHealth {
    /// Its answer is a few hundred bytes.
    private static let bodyLimit = 65_536

    /// - Parameter way: that of the WebSocket: the same TLS, but not its name, and the same proxy.
    static func plan(_ settings: Settings, _ way: HTTPPlan) throws(TargetError) -> HTTPPlan {
        let target = settings.target("url") ?? ""
        let url: HTTPURL
        do {
            url = try HTTPURL(parsing: target.text, variables: target.variables)
        } catch {
            throw TargetError("url: \(error.message)", field: "health")
        }
        let token = settings.secret("token") ?? Secret("")
        guard !token.revealed.isEmpty, token.revealed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TargetError("token: holds neither spaces nor letters outside ASCII", field: "health")
        }
        var plan = HTTPPlan(url: url, demand: .whole(bodyLimit: bodyLimit), userAgent: way.userAgent)
        plan.credentials = .bearer(token)
        plan.tls = way.tls
        plan.tls.serverName = nil
        plan.proxy = way.proxy
        plan.family = way.family
        return plan
    }

    struct Verdict {
        var facts: [(name: FactName, value: FactValue)] = []
        var fault: Fault?
    }

    static func judge(_ response: HTTPResponse) -> Verdict {
        let status = response.head.status
        func fault(_ cause: Cause, in phase: Phase = .firstByte, _ words: String) -> Verdict {
            Verdict(
                fault: Fault(
                    cause, in: phase, code: "\(status)",
                    message: "the health address of the tenant answered \(status): \(words)"))
        }
        switch status {
        case 200: break
        case 401, 403: return fault(.authFailed, in: .authenticate, "its token is not taken")
        case 404: return fault(.badConfiguration, "there is no such tenant")
        case 429: return fault(.rateLimited, "we ask too often")
        default: return fault(.httpStatus, "that tells nothing of the tenant")
        }
        guard let json = try? JSON(parsing: Array(response.body.readableBytesView)), let data = json["data"],
            case .bool(let isHealthy)? = data["healthy"]
        else { return fault(.unexpectedReply, in: .body, "what it says is not `data.healthy`") }
        var verdict = Verdict(facts: [(.tenantHealthy, .text(isHealthy ? "yes" : "no"))])
        if case .bool(let isConnected)? = data["db_connected"] {
            verdict.facts.append((.databaseConnected, .text(isConnected ? "yes" : "no")))
        }
        if case .integer(let clients)? = data["connected_cluster"] {
            verdict.facts.append((.connectedClients, .number(Int(clamping: clients))))
        }
        if !isHealthy {
            verdict.fault = Fault(
                .backendUnavailable, in: .body, message: "its health address says that the tenant is not well"
            )
        }
        return verdict
    }
}
