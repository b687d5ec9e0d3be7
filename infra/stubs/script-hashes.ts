/** Replaces the hashes in JavaScript that the SDK keeps for a Node without node:crypto. */
class ScriptHash {
  constructor() {
    throw new Error('node:crypto lacks a hash, and functions carry no other');
  }
}

export { ScriptHash as Md5Js, ScriptHash as Sha1Js, ScriptHash as Sha256Js };
