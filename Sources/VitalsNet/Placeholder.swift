import Crypto
import CryptoExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import SwiftASN1
