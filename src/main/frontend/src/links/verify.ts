import { post, sentence } from "../api";
import { navigate } from "../router";
import { count } from "../ui/basic";
import { toast } from "../ui/toast";

/** Verifies as an operation, and goes where its progress and results are. */
export async function verifyMany(targets: readonly string[], of = targets.length): Promise<void> {
  try {
    const { operation_id } = await post<{ operation_id: string }>("/api/links/verify", { targets });
    navigate(`/operations/${encodeURIComponent(operation_id)}`);
  } catch (cause) {
    toast({ kind: "error", text: `None of ${count(of)} links was verified: ${sentence(cause)}` });
  }
}
