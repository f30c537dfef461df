import VitalsCore
import VitalsEngine

/// What lets a user watch a Redis or Valkey server: the least rights.
struct RedisProvisioning: Sendable {
    let role: String

    /// In the words of `ACL SETUSER`, to which a right that is there already is none the less.
    static let rights = [
        "resetchannels", "~\(RedisHeartbeat.prefix)*", "+hello", "+auth", "+select", "+ping", "+role",
        "+info", "+client|setname", "+get", "+set", "+cluster|info", "+cluster|nodes", "+config|get",
        "+latency|latest", "+slowlog|len",
    ]

    private var words: [String] { ["ACL", "SETUSER", role] + Self.rights }

    private var password: String { "ACL SETUSER \(role) on '>...'" }

    var text: String {
        """
        # Redis from 6 on, or Valkey: the user that watches. For redis-cli, to be run by an administrator on
        # each server: users are not replicated. A new user cannot log in before it has a password:
        # \(password)
        # To keep it: ACL SAVE where the server has an aclfile, else CONFIG REWRITE.
        \(words.joined(separator: " "))

        """
    }

    /// What is still to be done by hand.
    var remarks: [String] {
        [
            "if the user is new, give it a password and let it in: \(password)",
            "to keep it: ACL SAVE where the server has an aclfile, else CONFIG REWRITE",
        ]
    }

    var commands: [RedisCommand] {
        [
            RedisCommand(words, in: .write) { reply, server in
                switch reply {
                case .text: return .goOn()
                case .error(let error):
                    let verdict = RedisVerdict(error, remedy: server.remedy("+acl|setuser"))
                    return .fault(verdict)
                default: return .unexpected("the server answered ACL SETUSER with something else than OK")
                }
            }
        ]
    }
}

extension Network {
    /// A server has no tables: a user and its rights are all there is.
    func redisProvisioning(
        _ target: String, _ role: String?, _ table: String?
    ) throws(TargetError) -> Provisioning {
        guard table == nil else { throw TargetError("a Redis server has no tables: leave --table out") }
        let probe = try RedisProbe(parsing: target, loops: loops)
        let name = role ?? probe.user ?? "vitals"
        guard !name.contains(" ") else {
            throw TargetError("the user that watches has a blank in its name, which no ACL has")
        }
        let provisioning = RedisProvisioning(role: try Provisioning.role(name))
        return Provisioning(
            text: provisioning.text, applying: probe.applying(provisioning), remarks: provisioning.remarks)
    }
}
