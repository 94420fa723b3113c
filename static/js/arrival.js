// The page of a paper that is being fetched: looks again, and gives way to what is there then.

const { again, status } = document.querySelector("script[data-again]").dataset;

setInterval(async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.status !== Number(status)) location.reload();
  } catch {
    // The network is away for a moment: the next look may find it.
  }
}, Number(again) * 1000);
