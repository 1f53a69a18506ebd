using System.Globalization;
using System.Text;
using DistTrain.Coordinator.Files;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Checkpoints;

/// <summary>
/// The terms of a run: files named by their number, each made by the one process that reigns under it. Who sees a higher one than its own
/// has been followed by another process and must not put anything into place any more.
/// </summary>
/// <param name="folder">Holds nothing but terms.</param>
public sealed class RunTerms(IDisk disk, string folder)
{
    /// <summary>Takes the next term; of several processes each gets its own.</summary>
    /// <param name="owner">Who takes it, for people.</param>
    public Term Take(string owner)
    {
        disk.CreateFolder(folder);
        disk.FlushFolder(Path.GetDirectoryName(folder)!);
        while (true)
        {
            var number = Highest + 1;
            if (TryTake(number, owner)) return new Term(number);
        }
    }

    /// <summary>Stops who is not the last to have taken a term.</summary>
    /// <exception cref="DistTrainException">DT5002, exit 5.</exception>
    public void RequireHighest(Term term)
    {
        if (Highest is var highest && highest > term.Number) throw Overtaken(term, new Term(highest)).AsException();
    }

    long Highest => disk.FilesIn(folder).Select(NumberOf).DefaultIfEmpty(0).Max();

    bool TryTake(long number, string owner) => DurableFile.TryCreate(
        disk, Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture)), file =>
            file.Write(Encoding.UTF8.GetBytes(owner + "\n")));

    static long NumberOf(string name) => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    static Problem Overtaken(Term term, Term higher) => new(
        "DT5002", ExitCode.Cluster, $"another process goes on with this run: it has {higher}, this one {term}",
        "expected: one process that trains a run",
        "fix: let the other one end; nothing is lost");
}
