using DistTrain.Problems;

namespace DistTrain.Protocol.Wire;

/// <summary>Fields that many messages have.</summary>
static class CommonFields
{
    /// <summary>Run and term.</summary>
    public static void Order(this ref WireWriter to, IWorkerOrder order)
    {
        to.Name(order.Run.Name);
        to.Number(order.Term.Number);
    }

    /// <summary>Run, term, evaluation, worker.</summary>
    public static void Answer(this ref WireWriter to, IEvaluationAnswer answer)
    {
        to.Name(answer.Run.Name);
        to.Number(answer.Term.Number);
        to.Number(answer.Evaluation.Number);
        to.Name(answer.Worker.Name);
    }

    public static RunId Run(this ref WireReader from) => new(from.Name());

    public static Term Term(this ref WireReader from) => new(from.Count("Term"));

    public static EvaluationId Evaluation(this ref WireReader from) => new(from.Count("Evaluation"));

    public static WorkerId Worker(this ref WireReader from) => new(from.Name());

    public static void TokenOrAbsent(this ref WireWriter to, string? token)
    {
        if (token is null) to.Absent();
        else to.Token(token);
    }

    public static string? TokenOrAbsent(this ref WireReader from) => from.IsAbsent() ? null : from.Token();

    public static void TextOrAbsent(this ref WireWriter to, string? text)
    {
        if (text is null) to.Absent();
        else to.Text(text);
    }

    public static string? TextOrAbsent(this ref WireReader from) => from.IsAbsent() ? null : from.Text();

    public static void AddressOrAbsent(this ref WireWriter to, string? address)
    {
        if (address is null) to.Absent();
        else to.Address(address);
    }

    public static string? AddressOrAbsent(this ref WireReader from) => from.IsAbsent() ? null : from.Address();

    public static void Problem(this ref WireWriter to, Problem problem)
    {
        to.Fields(6);
        to.Token(problem.Code);
        to.Number((int)problem.ExitCode);
        to.Text(problem.Message);
        to.Lines(problem.Details);
        if (problem.File is { } file) to.Path(file);
        else to.Absent();
        if (problem.Line is { } line) to.Number(line);
        else to.Absent();
    }

    public static Problem Problem(this ref WireReader from)
    {
        from.Fields(6);
        return new Problem(from.Token(), from.Known<ExitCode>(), from.Text(), from.Lines())
        {
            File = from.IsAbsent() ? null : from.Path(),
            Line = from.IsAbsent() ? null : from.Count("Line"),
        };
    }

    /// <summary>As many lines as a problem may have on the wire; the rest is left out.</summary>
    static void Lines(this ref WireWriter to, string[] lines)
    {
        var count = Math.Min(lines.Length, WireRules.LinesMax);
        to.Fields(count);
        foreach (var line in lines.AsSpan(0, count)) to.Text(line);
    }

    static string[] Lines(this ref WireReader from)
    {
        var lines = new string[from.List(WireRules.LinesMax)];
        for (var i = 0; i < lines.Length; i++) lines[i] = from.Text();
        return lines;
    }
}
