using DistTrain.Coordinator.Checkpoints;
using DistTrain.Coordinator.Files;
using DistTrain.Coordinator.Tests.Files;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Tests.Checkpoints;

public class RunTermsTests
{
    const string Folder = "/run/terms";

    [Fact]
    public void Each_start_takes_the_next_term_and_leaves_its_name()
    {
        var disk = new CrashDisk();
        var terms = new RunTerms(disk, Folder);

        Assert.Equal([new Term(1), new Term(2), new Term(3)], Enumerable.Range(0, 3).Select(i => terms.Take($"process {i}")).ToArray());
        using var reader = new StreamReader(disk.Read($"{Folder}/2"));
        Assert.Equal("process 1\n", reader.ReadToEnd());
    }

    [Fact]
    public void Only_the_last_one_may_go_on()
    {
        var terms = new RunTerms(new CrashDisk(), Folder);
        var (lower, higher) = (terms.Take("a"), terms.Take("b"));

        terms.RequireHighest(higher);
        Assert.Equal("DT5002", Assert.Throws<DistTrainException>(() => terms.RequireHighest(lower)).Problem.Code);
    }

    [Fact]
    public void After_a_crash_at_any_operation_a_term_that_was_taken_is_never_taken_again()
    {
        for (var crashAt = 0; ; crashAt++)
        {
            var disk = new CrashDisk { CrashAt = crashAt };
            var taken = new List<Term>();
            try
            {
                for (var i = 0; i < 3; i++) taken.Add(new RunTerms(disk, Folder).Take("a"));
                Assert.True(crashAt > 10);
                return;
            }
            catch (CrashDisk.CrashException)
            {
                foreach (var leftover in Enum.GetValues<Leftover>())
                    Assert.True(new RunTerms(disk.Recover(leftover, seed: 1), Folder).Take("b").Number > taken.Count);
            }
        }
    }

    [Fact]
    public void Of_many_that_come_at_once_each_gets_its_own()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"disttrain-tests-{Guid.NewGuid():N}");
        try
        {
            var terms = new RunTerms(Disk.Instance, Path.Combine(folder, "terms"));
            var taken = new long[8][];
            var threads = Enumerable.Range(0, taken.Length)
                .Select(i => new Thread(() => taken[i] = [.. Enumerable.Range(0, 5).Select(_ => terms.Take($"thread {i}").Number)])).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();

            Assert.Equal(Enumerable.Range(1, 40).Select(number => (long)number), taken.SelectMany(numbers => numbers).Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
