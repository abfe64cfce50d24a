// Requests of two tenants for the cache examples, and a model that costs nothing: its answers name the tenant that they were made for.
const system = "You answer questions about the helpdesk's product.";

const asked = [
  ["acme", "How do I reset my password?"],
  ["acme", "How do I reset my password?"],
  ["acme", "How can I reset my password?"],
  ["acme", "How do I reset 2 passwords?"],
  ["acme", "How do I not reset my password?"],
  ["globex", "How do I reset my password?"],
  ["globex", "How can I reset my password?"],
  ["acme", "Where is my order 12345?"],
  ["acme", "Which plans have single sign-on?"],
];

export const traffic = asked.map(([tenant, content]) => ({
  model: "gpt-5-mini",
  temperature: 0,
  messages: [
    { role: "system", content: system },
    { role: "user", content },
  ],
  meta: { tenant },
}));

export async function askModel(request) {
  const { content } = request.messages.at(-1);
  return {
    text: `(made for ${request.meta.tenant}) Here is how: ${content.length} steps.`,
    finishReason: "stop",
  };
}

/** Send the traffic through `answer` and print what became of each request; the last line counts. */
export async function replay(answer) {
  const counts = { exact: 0, near: 0, miss: 0, uncached: 0 };
  let crossed = 0;
  for (const request of traffic) {
    const { tier, reason, text } = await answer(request);
    counts[tier] += 1;
    if (!text.startsWith(`(made for ${request.meta.tenant})`)) crossed += 1;
    console.log(
      `${request.meta.tenant.padEnd(7)} ${tier.padEnd(8)} ${reason.padEnd(16)} ${request.messages.at(-1).content}`,
    );
  }
  const { exact, near, miss, uncached } = counts;
  console.log(
    `${exact} exact, ${near} near, ${miss} misses, ${uncached} not cached; answers of another tenant: ${crossed}`,
  );
}
