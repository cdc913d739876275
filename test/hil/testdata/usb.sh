#!/bin/bash
# A USB camera (MJPEG, 320x180) and a USB microphone, at the far ends of two emulated
# hosts: usb.sh make; usb.sh plug|unplug cam|mic
set -euo pipefail
gadgets=/sys/kernel/config/usb_gadget

describe() { # NAME PRODUCT-ID SERIAL PRODUCT
	mkdir -p "$gadgets/$1/strings/0x409" "$gadgets/$1/configs/c.1/strings/0x409"
	cd "$gadgets/$1"
	echo 0x1d6b >idVendor
	echo "$2" >idProduct
	echo 0x0200 >bcdUSB
	echo "$3" >strings/0x409/serialnumber
	echo Podium >strings/0x409/manufacturer
	echo "$4" >strings/0x409/product
	echo test >configs/c.1/strings/0x409/configuration
}

make_camera() {
	describe cam 0x0104 SN0001 "Test Cam"
	local f=functions/uvc.0 frame=functions/uvc.0/streaming/mjpeg/m/180p
	mkdir -p $f $frame $f/streaming/header/h $f/control/header/h
	echo 1024 >$f/streaming_maxpacket
	echo 320 >$frame/wWidth
	echo 180 >$frame/wHeight
	echo $((320 * 180 * 2)) >$frame/dwMaxVideoFrameBufferSize
	echo 333333 >$frame/dwDefaultFrameInterval
	cat >$frame/dwFrameInterval <<-'END' # in one write
		333333
		666666
		1000000
	END
	(cd $f/streaming/header/h && ln -s ../../mjpeg/m m)
	for speed in fs hs ss; do ln -s $f/streaming/header/h $f/streaming/class/$speed/h; done
	for speed in fs ss; do ln -s $f/control/header/h $f/control/class/$speed/h; done
	ln -s $f configs/c.1/
}

make_microphone() {
	describe mic 0x0101 MIC0001 "Test Mic"
	local f=functions/uac1.0
	mkdir -p $f
	echo 1 >$f/p_chmask # the gadget plays, so its host captures
	echo 0 >$f/c_chmask
	echo 48000 >$f/p_srate
	echo 2 >$f/p_ssize
	ln -s $f configs/c.1/
}

controller() { if [ "$1" = cam ]; then echo dummy_udc.0; else echo dummy_udc.1; fi; }

case $1 in
make)
	modprobe dummy_hcd num=2 is_high_speed=1
	modprobe usb_f_uvc
	modprobe usb_f_uac1
	modprobe uvcvideo
	modprobe snd-usb-audio
	make_camera
	make_microphone
	;;
plug) controller "$2" >$gadgets/"$2"/UDC ;;
unplug) echo >$gadgets/"$2"/UDC ;;
esac
