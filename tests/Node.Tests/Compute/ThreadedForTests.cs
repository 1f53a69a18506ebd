using DistTrain.Node.Compute;

namespace DistTrain.Node.Tests.Compute;

public sealed class ThreadedForTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 5)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 1000)]
    public void Every_piece_runs_once_and_has_ended_when_Run_returns(int degree, int count)
    {
        using var parallel = new ThreadedFor(degree);
        var runs = new int[count];

        for (var round = 1; round <= 20; round++)
        {
            parallel.Run(count, i => Interlocked.Increment(ref runs[i]));
            Assert.All(runs, times => Assert.Equal(round, times));
        }
    }

    [Fact]
    public void What_a_piece_throws_is_thrown_when_all_threads_have_ended_and_the_next_computation_runs()
    {
        using var parallel = new ThreadedFor(3);

        var thrown = Assert.Throws<InvalidDataException>(() => parallel.Run(100, i =>
        {
            if (i == 50) throw new InvalidDataException("piece 50");
        }));

        Assert.Equal("piece 50", thrown.Message);
        var sum = 0;
        parallel.Run(10, i => Interlocked.Add(ref sum, i));
        Assert.Equal(45, sum);
    }

    [Fact]
    public void Computations_in_close_succession_run_each_piece_once_and_the_threads_end()
    {
        for (var round = 0; round < 20; round++)
        {
            using var parallel = new ThreadedFor(4);
            var count = 0;
            for (var i = 0; i < 2_000; i++) parallel.Run(3, _ => Interlocked.Increment(ref count));
            Assert.Equal(6_000, count);
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public void What_is_begun_is_done_once_while_pieces_run_and_its_result_is_awaited(int degree)
    {
        using var parallel = new ThreadedFor(degree);
        var (times, count) = (0, 0);

        var result = parallel.Begin(() => Interlocked.Increment(ref times));
        parallel.Run(100, _ => Interlocked.Increment(ref count));

        Assert.Equal((1, 1, 1, 100), (result(), result(), times, count));
    }

    [Theory, InlineData(1), InlineData(2)]
    public void What_begun_work_throws_is_thrown_to_those_who_want_its_result(int degree)
    {
        using var parallel = new ThreadedFor(degree);

        var result = parallel.Begin<int>(() => throw new InvalidDataException("begun"));

        Assert.Equal("begun", Assert.Throws<InvalidDataException>(() => result()).Message);
    }

    [Fact]
    public void A_computation_within_a_piece_runs_to_its_end()
    {
        using var parallel = new ThreadedFor(2);
        var count = 0;

        parallel.Run(8, _ => parallel.Run(8, _ => Interlocked.Increment(ref count)));

        Assert.Equal(64, count);
    }
}
