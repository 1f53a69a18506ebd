using DistTrain.EventCheck;

// event-check FILE [--json]: judges the events.jsonl of a run. Exit code 0: every rule holds; 1: one does not; 2: it cannot be read.
const int ViolationsShown = 20;

if (args is not [var file, .. var rest] || rest.Any(option => option != "--json"))
{
    Console.Error.WriteLine("event-check FILE [--json]");
    return 2;
}
try
{
    using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
    var verdict = Verdict.On(reader);
    Console.WriteLine(rest.Length > 0 ? verdict.ToJson() : verdict.ToText());
    foreach (var violation in verdict.Violations.Take(ViolationsShown)) Console.Error.WriteLine(violation);
    return verdict.Violations.IsEmpty ? 0 : 1;
}
catch (Exception error) when (error is IOException or FormatException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"{file}: {error.Message}");
    return 2;
}
