using DistTrain.Data.Storage;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class ShardSetTests
{
    [Theory, InlineData("", ""), InlineData("5", "5"), InlineData("0,1", "0-1"), InlineData("0,1,2,7,63,64,65,200", "0-2,7,63-65,200")]
    public void Runs_say_which_shards_follow_each_other(string shards, string runs) =>
        Assert.Equal(runs, ShardSet.Of(shards.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Shard)).ToRuns());

    static ShardId Shard(string number) => new(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
}
