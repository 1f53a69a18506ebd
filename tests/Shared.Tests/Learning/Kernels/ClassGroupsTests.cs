using DistTrain.Learning.Kernels;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed class ClassGroupsTests
{
    [Fact]
    public void Groups_of_alike_size_cover_all_classes()
    {
        for (var classCount = 1; classCount <= 40; classCount++)
        {
            var groupCount = ClassGroups.CountOf(classCount);
            int[] starts = [.. Enumerable.Range(0, groupCount + 1).Select(group => ClassGroups.StartOf(group, groupCount, classCount))];
            int[] sizes = [.. Enumerable.Range(0, groupCount).Select(group => starts[group + 1] - starts[group])];

            Assert.Equal((0, classCount), (starts[0], starts[^1]));
            Assert.InRange(sizes.Max(), sizes.Min(), Math.Min(4, sizes.Min() + 1));
        }
    }
}
