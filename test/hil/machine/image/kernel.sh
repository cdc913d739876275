# Makes vmlinuz, modules/ and version: Debian's arm64 kernel, the modules that
# modules.txt names with what they need, and gpio-sim and vicodec, which Debian leaves
# out, built out of tree from the very same version's source.
set -eu
. ./apt.sh
start_apt

# One version for all: linux-image-arm64 depends on exactly one kernel package,
# "linux-image-6.1.0-NN-arm64 (= 6.1.X-Y)".
depends=$(apt-cache show --no-all-versions linux-image-arm64 | sed -n 's/^Depends: //p')
image=$(echo "$depends" | sed 's/ .*//')
version=$(echo "$depends" | sed 's/.*(= \(.*\)).*/\1/')
release=${image#linux-image-}
echo "kernel $release, Debian version $version"

apt-get -q download "$image:arm64=$version" "linux-headers-$release:arm64=$version" \
	"linux-headers-${release%-arm64}-common=$version" \
	"linux-kbuild-6.1:amd64=$version" "linux-source-6.1=$version"
for package in *.deb; do
	dpkg-deb -x "$package" kernel
	rm "$package"
done

mkdir source gpio-sim dummy_hcd
tar -xJf kernel/usr/src/linux-source-6.1.tar.xz -C source --strip-components=1 \
	linux-source-6.1/drivers/gpio/gpio-sim.c \
	linux-source-6.1/drivers/gpio/gpiolib.h \
	linux-source-6.1/kernel/irq/irq_sim.c \
	linux-source-6.1/drivers/usb/gadget/udc/dummy_hcd.c \
	linux-source-6.1/drivers/media/test-drivers/vicodec
rm kernel/usr/src/linux-source-6.1.tar.xz
(
	cd gpio-sim
	mv ../source/drivers/gpio/gpio-sim.c gpio_sim_core.c
	mv ../source/drivers/gpio/gpiolib.h ../source/kernel/irq/irq_sim.c .
	# handle_simple_irq and irq_to_desc are not exported to modules.
	sed -i 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' irq_sim.c
	cat >Makefile <<-'END'
		obj-m := gpio-sim.o
		gpio-sim-y := gpio_sim_core.o irq_sim.o
		ccflags-y := -DCONFIG_IRQ_SIM=1 -DCONFIG_GPIO_SIM=1
	END
)
# Debian's dummy_hcd has no isochronous transfers, which cameras and microphones use.
(
	cd dummy_hcd
	mv ../source/drivers/usb/gadget/udc/dummy_hcd.c .
	patch -p1 <../dummy_hcd.patch
	echo 'obj-m := dummy_hcd.o' >Makefile
)
# Debian leaves vicodec out, too: an encoder of pictures in software, behind the interface
# that a Pi's has.
mv source/drivers/media/test-drivers/vicodec .
echo 'vicodec-objs := vicodec-core.o codec-fwht.o codec-v4l2-fwht.o
obj-m := vicodec.o' >vicodec/Makefile
headers=$PWD/kernel/usr/src/linux-headers-$release
sed -i "s#/usr/src/#$PWD/kernel/usr/src/#" "$headers/Makefile"
for module in gpio-sim dummy_hcd vicodec; do
	make -C "$headers" M="$PWD/$module" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
		CC=aarch64-linux-gnu-gcc modules
done

tree=kernel/lib/modules/$release
mkdir -p "$tree/extra"
rm "$tree/kernel/drivers/usb/gadget/udc/dummy_hcd.ko"
for module in gpio-sim dummy_hcd vicodec; do
	aarch64-linux-gnu-strip --strip-debug -o "$tree/extra/$module.ko" "$module/$module.ko"
done
PATH=$PATH:/usr/sbin:/sbin
depmod -b kernel "$release"
mkdir -p "modules/$release"
cp "$tree"/modules.builtin* "$tree/modules.order" "modules/$release/"
sed 's/#.*//' modules.txt | while read -r module _; do
	[ -n "$module" ] || continue
	modprobe -d kernel -S "$release" --show-depends "$module"
done | sed -n 's#^insmod .*/lib/modules/\([^ ]*\).*#\1#p' | sort -u >needed
while read -r file; do
	mkdir -p "modules/$(dirname "$file")"
	cp "kernel/lib/modules/$file" "modules/$file"
done <needed
mkdir -p base/lib && mv modules base/lib/
depmod -b base "$release"
mv base/lib/modules modules
cp "kernel/boot/vmlinuz-$release" vmlinuz
printf '%s %s\n' "$release" "$version" >version
rm -rf kernel source gpio-sim dummy_hcd vicodec base needed apt
